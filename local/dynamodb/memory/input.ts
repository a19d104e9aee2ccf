// Parses a call's input: what arrives is unknown until one of these has checked it, and what has another shape than the API's is
// refused with the API's error. Fields that the API doesn't know are ignored, as DynamoDB does.

import { invalid, malformed } from './error.ts';

export type Input = Readonly<Record<string, unknown>>;

export const isRecord = (value: unknown): value is Input =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);

const missing = (what: string): never => {
  throw invalid(
    `1 validation error detected: Value null at '${what}' failed to satisfy constraint: Member must not be null`,
  );
};

const absent = (value: unknown): value is undefined | null => value === undefined || value === null;

export const recordOf = (value: unknown, what: string): Input => {
  if (isRecord(value)) return value;
  if (absent(value)) return missing(what);
  throw malformed(`${what} is not a structure`);
};

export const optionalRecord = (value: unknown, what: string): Input | undefined =>
  absent(value) ? undefined : recordOf(value, what);

export const listOf = (value: unknown, what: string): readonly unknown[] => {
  if (Array.isArray(value)) return value;
  if (absent(value)) return missing(what);
  throw malformed(`${what} is not a list`);
};

export const optionalList = (value: unknown, what: string): readonly unknown[] | undefined =>
  absent(value) ? undefined : listOf(value, what);

export const textOf = (value: unknown, what: string): string => {
  if (typeof value === 'string') return value;
  if (absent(value)) return missing(what);
  throw malformed(`${what} is not a string`);
};

export const optionalText = (value: unknown, what: string): string | undefined =>
  absent(value) ? undefined : textOf(value, what);

export const flagOf = (value: unknown, what: string): boolean => {
  if (absent(value)) return false;
  if (typeof value === 'boolean') return value;
  throw malformed(`${what} is not a boolean`);
};

export const optionalCount = (value: unknown, what: string, least: number, most: number): number | undefined => {
  if (absent(value)) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value)) throw malformed(`${what} is not an integer`);
  if (value < least) throw outOfRange(value, what, `greater than or equal to ${least}`);
  if (value > most) throw outOfRange(value, what, `less than or equal to ${most}`);
  return value;
};

const outOfRange = (value: number, what: string, rule: string) =>
  invalid(
    `1 validation error detected: Value '${value}' at '${what}' failed to satisfy constraint: Member must have value ${rule}`,
  );

export const choiceOf = <Choice extends string>(
  value: unknown,
  what: string,
  choices: readonly Choice[],
  otherwise: Choice,
): Choice => {
  if (absent(value)) return otherwise;
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  if (typeof value !== 'string') throw malformed(`${what} is not a string`);
  throw invalid(
    `1 validation error detected: Value '${value}' at '${what}' failed to satisfy constraint: Member must satisfy enum value set: [${choices.join(', ')}]`,
  );
};

/** Parameters from before expressions (2014) are refused aloud: ignoring a condition would be worse. */
export const refuseLegacy = (input: Input, names: readonly string[]): void => {
  for (const name of names) {
    if (!absent(input[name])) throw invalid(`${name} is a legacy parameter that this engine does not know.`);
  }
};
