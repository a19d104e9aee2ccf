// The one form of PartiQL that is understood here: an INSERT of one row, with a parameter for each attribute.

export interface Insert<Value> {
  readonly table: string;
  readonly item: Readonly<Record<string, Value>>;
}

const form = /^INSERT INTO "([\w.-]+)" VALUE \{((?:'[\w.-]+':\?,)*'[\w.-]+':\?)\}$/;

/** Undefined: another form, or as many parameters as do not fit it. */
export const insertOf = <Value>(statement: string, parameters: readonly Value[]): Insert<Value> | undefined => {
  const [, table, attributes] = form.exec(statement) ?? [];
  const names = attributes?.split(',').map((each) => each.slice(1, each.indexOf("'", 1))) ?? [];
  if (table === undefined || names.length !== parameters.length) return undefined;
  return { table, item: Object.fromEntries(parameters.map((value, at) => [names[at], value])) };
};
