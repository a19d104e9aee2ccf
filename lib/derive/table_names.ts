// Whether two tables would have one name in AWS: CloudFormation finds out in the middle of a deployment, and a restore that is written down
// wrong would join the rows of two tables.

import { type TableName, tables } from '../../contract/capabilities.ts';
import type { ZoneName } from '../../contract/kernel/zones.ts';

interface Place {
  readonly at: string;
  readonly stage: { readonly name: string };
  readonly zone: ZoneName;
  readonly settings: {
    readonly account?: string | undefined;
    readonly tableNames: Readonly<Partial<Record<string, string | undefined>>>;
  };
}

/** The name of a table whose row in `tableNames` says nothing else. */
export const usualTableName = (stage: string, zone: ZoneName, table: TableName): string =>
  `strongroom-${stage}-${zone}-${table}`;

/** Names are of an account and a region, and a zone has regions of its own. */
const meet = (a: Place, b: Place): boolean => a.zone === b.zone && a.settings.account === b.settings.account;

const namesIn = ({ stage, zone, settings }: Place): (readonly [TableName, string])[] =>
  (Object.keys(tables) as TableName[]).map(
    (table) => [table, settings.tableNames[table] ?? usualTableName(stage.name, zone, table)] as const,
  );

/** Of each name that `tableNames` gives: another table that has it. */
export function sharedTableNames(place: Place, places: readonly Place[]): string[] {
  const near = places
    .filter((other) => meet(place, other))
    .flatMap((other) => namesIn(other).map(([table, name]) => ({ stage: other.stage.name, table, name })));
  return Object.entries(place.settings.tableNames).flatMap(([table, name]) => {
    const other = near.find((each) => each.name === name && (each.stage !== place.stage.name || each.table !== table));
    return other === undefined
      ? []
      : [`${place.at}.tableNames.${table}: ${name} is ${other.table} of stage ${other.stage} already`];
  });
}
