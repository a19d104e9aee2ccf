// Which facts the relay believes. The stream's ARN says in which table a row lies, and the contract whose facts that table's
// rows may bear; everything else in a record was chosen by whoever wrote the row, so it must agree with the row's own key.

import * as v from 'valibot';
import { type TableName, tables } from '../../contract/capabilities.ts';
import { idPattern } from '../../contract/kernel/ids.ts';
import { modes } from '../../contract/kernel/roles.ts';
import { isOfKind, isRelayed, type RowKind, type Table } from '../../contract/kernel/table.ts';
import { events, type IdKind, idPrefixes, isPlatforms } from '../../contract/kernel/vocabulary.ts';
import type { ZoneName } from '../../contract/kernel/zones.ts';
import { ownerOf } from '../kernel/domain/tenant_scope.ts';
import type { Config } from '../kernel/platform/config.ts';
import { platformAuditPartition } from '../kernel/store/audit.ts';
import { factId } from '../kernel/store/commit.ts';
import type { RelayedFact } from '../kernel/store/recorded_fact.ts';
import type { Images, Item } from '../kernel/store/row.ts';

/** What the fact does not agree with. */
export type Forgery = 'table' | 'type' | 'key' | 'object' | 'aggregate' | 'owner' | 'id' | 'sequence';

const relayed = (Object.keys(tables) as TableName[]).filter((name) => isRelayed(tables[name]));

/** The table whose stream it is; undefined: it is the stream of none that records facts. */
export function sourceOf(config: Pick<Config, 'table'>, streamArn: string | undefined): TableName | undefined {
  const name = /^arn:[^:]+:dynamodb:[^:]+:\d+:table\/([^/]+)\/stream\//.exec(streamArn ?? '')?.[1];
  return relayed.find((table) => config.table(table) === name);
}

const isIdOf = (kind: IdKind, zone: ZoneName, id: string): boolean =>
  idPattern(kind).test(id) && id.startsWith(`${idPrefixes[kind]}_${zone}_`);

const Row = v.object({
  pk: v.string(),
  sk: v.string(),
  object: v.picklist(Object.keys(idPrefixes) as IdKind[]),
  tenant: v.optional(v.string()),
  mode: v.optional(v.picklist(modes)),
  sequence: v.number(),
});

/** Null: it is what a commit of ours would have recorded on this row. */
export function forgeryIn(
  { fact, object, objectId, origin }: RelayedFact,
  { before }: Images,
  source: TableName | undefined,
  { region, zone }: Pick<Config, 'region' | 'zone'>,
): Forgery | null {
  const { aggregate_type: type, aggregate_id: aggregate, sequence, tenant, mode } = fact;
  const parsed = v.safeParse(Row, object);
  if (source === undefined || !parsed.success) return 'table';
  const row = parsed.output;
  const isRoot = objectId === aggregate;
  const owner = isPlatforms(type) ? platformAuditPartition : type === 'tenant' ? objectId : row.tenant;
  const belongs = [objectId, aggregate, ownerOf({ tenant, mode })];
  const rules: readonly (readonly [Forgery, boolean])[] = [
    ['type', events[fact.type] === type],
    ['table', rowKinds(source).some((kind) => kind.facts?.includes(type) && isOfKind(kind, row.pk))],
    ['object', isIdOf(row.object, zone, objectId) && (isPlatforms(type) || row.pk === objectId || row.sk === objectId)],
    ['aggregate', isIdOf(type, zone, aggregate) && (isRoot ? row.object === type : object[type] === aggregate)],
    ['owner', owner === tenant && (row.mode === undefined || row.mode === mode)],
    ['key', isPlatforms(type) || belongs.some((part) => row.pk === part || row.pk.startsWith(`${part}#`))],
    ['id', fact.id === factId(zone, aggregate, sequence, Date.parse(fact.at))],
    [
      'sequence',
      (sequence === 1) === (fact.previous === null) &&
        (!isRoot || (sequence === row.sequence && (origin !== region || followsOn(fact, before, zone)))),
    ],
  ];
  return rules.find(([, holds]) => !holds)?.[0] ?? null;
}

const rowKinds = (name: TableName): readonly RowKind[] =>
  Object.values((tables as Record<TableName, Table>)[name].rows);

/**
 * On its aggregate's own row a fact follows the one that the row had before. A replica may skip versions, so that of what another
 * region wrote it says nothing.
 */
function followsOn(
  { aggregate_id, sequence, previous }: RelayedFact['fact'],
  before: Item | undefined,
  zone: ZoneName,
): boolean {
  const was = Number(before?.sequence?.N ?? 0);
  const wasAtMs = Number(before?.sequence_at_ms?.N ?? 0);
  const expected = was === 0 ? null : factId(zone, aggregate_id, was, wasAtMs);
  return sequence === was + 1 && previous === expected;
}
