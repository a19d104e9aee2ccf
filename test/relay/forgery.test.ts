// Facts that the row which bears them belies: whatever a function with the right to write one kind of row puts into it, the
// relay believes only what that kind of row may say.

import type { DynamoDBStreamEvent } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventExamples, type FunctionRow, functions, type TableName, tables } from '../../contract/capabilities.ts';
import { exampleId, exampleIds } from '../../contract/kernel/examples.ts';
import type { Fact } from '../../contract/kernel/fact.ts';
import { isOfKind, isRelayed, type RowKind, type Table } from '../../contract/kernel/table.ts';
import { type AggregateType, type EventType, events, idPrefixes } from '../../contract/kernel/vocabulary.ts';
import { factId } from '../../lambdas/kernel/store/commit.ts';
import { type Item, toItem } from '../../lambdas/kernel/store/row.ts';
import { relay } from '../../lambdas/relay/relay.ts';
import { account, region } from '../kit/aws/environment.ts';
import { openRuntime } from '../kit/runtime/memory.ts';
import type { RuntimeFixture } from '../kit/runtime/runtime_fixture.ts';

let runtime: RuntimeFixture;
beforeAll(async () => {
  runtime = await openRuntime();
});
afterAll(() => runtime.stop());

const at = '2026-11-21T10:15:30.000Z';
const zone = 'us';
const owner = `${exampleIds.tenant}#test`;

interface Genuine {
  readonly table: TableName;
  readonly aggregate: AggregateType;
  readonly row: Record<string, unknown> & { readonly pk: string; readonly fact: Fact };
}

const home = (aggregate: AggregateType): { readonly table: TableName; readonly kind: RowKind } => {
  for (const [table, { rows }] of Object.entries(tables as Record<TableName, Table>)) {
    const kind = Object.values(rows).find(({ facts }) => facts?.includes(aggregate));
    if (kind !== undefined) return { table: table as TableName, kind };
  }
  throw new Error(`no table holds facts of ${aggregate}`);
};

const partitions: Partial<Record<AggregateType, string>> = {
  webhook_endpoint: owner,
  delivery: `${owner}#3`,
  certificate: 'rewrap#tenant',
};

/** The first fact of an aggregate, on the row that a commit of ours would have written. */
function genuine(aggregate: AggregateType, fact: Partial<Fact> = {}): Genuine {
  const type = (Object.keys(events) as EventType[]).find((each) => events[each] === aggregate) as EventType;
  const id = exampleIds[aggregate];
  const isPlatforms = aggregate === 'operator' || aggregate === 'certificate';
  const tenant = isPlatforms ? 'platform' : exampleIds.tenant;
  const data = isPlatforms ? { id, object: aggregate } : eventExamples[type as keyof typeof eventExamples].data;
  const pk = partitions[aggregate] ?? id;
  const recorded: Fact = {
    ...{ id: factId(zone, id, 1, Date.parse(at)), type, aggregate_type: aggregate, aggregate_id: id, sequence: 1 },
    ...{ previous: null, tenant, mode: 'test', actor: { kind: 'key', id: exampleIds.key }, on_behalf_of: null },
    ...{ request_id: 'req-1', at, address: null },
    ...fact,
  };
  const stored = { pk, sk: pk === id ? aggregate : id, version: 1, sequence: 1, sequence_at_ms: Date.parse(at) };
  const own = isPlatforms || aggregate === 'tenant' ? {} : { tenant, mode: 'test', successor: null };
  return {
    table: home(aggregate).table,
    aggregate,
    row: { ...data, ...own, ...stored, origin_region: region, fact: recorded },
  };
}

const aggregates = [...new Set(Object.values(events))];

/** How many entries, events, bus events and messages follow from a row in a table, and what the relay said of it. */
async function relayed(table: string, row: object) {
  const lines = runtime.lines.length;
  const published = runtime.published.length;
  const calls: string[] = [];
  const handler = relay({
    ...runtime.platform,
    dynamodb: {
      send: async (command: { readonly input: { readonly Statements?: readonly object[] } }) => {
        calls.push(command.constructor.name);
        return { Responses: command.input.Statements?.map(() => ({})) };
      },
    } as never,
  });
  const NewImage = toItem(row as Record<string, unknown>) as Item;
  const Records = [
    {
      eventSourceARN: `arn:aws:dynamodb:${region}:${account}:table/${table}/stream/2026-11-21T00:00:00.000`,
      dynamodb: { NewImage, SequenceNumber: '7' },
    },
  ];
  const { batchItemFailures } = await handler({ Records } as unknown as DynamoDBStreamEvent);
  return {
    failures: batchItemFailures.length,
    follows: calls.filter(
      (name) => name !== 'QueryCommand' && name !== 'GetItemCommand' && name !== 'BatchGetItemCommand',
    ).length,
    published: runtime.published.length - published,
    forged: runtime.lines
      .slice(lines)
      .filter(({ message }) => message === 'fact_forged')
      .map(({ fields }) => fields.code),
  };
}

const nothing = { failures: 0, follows: 0, published: 0 };

describe('[AUD-1] the relay', () => {
  it.each(aggregates)('relays what a commit of ours records: %s', async (aggregate) => {
    const { table, row } = genuine(aggregate);
    const done = await relayed(table, row);
    expect(done).toMatchObject({ failures: 0, published: 1, forged: [] });
    expect(done.follows).toBeGreaterThan(0);
  });

  const streamed = (Object.keys(tables) as TableName[]).filter((name) => isRelayed(tables[name]));

  it.each(streamed)('believes no fact of another table’s aggregate in %s, whatever row bears it', async (table) => {
    const others = aggregates.filter((aggregate) => home(aggregate).table !== table);
    for (const own of aggregates.filter((aggregate) => home(aggregate).table === table)) {
      const { row } = genuine(own);
      for (const other of others) {
        const claimed = genuine(other).row;
        for (const forged of [claimed, { ...row, fact: claimed.fact }, { ...claimed, pk: row.pk, sk: row.sk }]) {
          expect(await relayed(table, forged), `${own} ${other}`).toMatchObject(nothing);
        }
      }
    }
  });

  it('believes no fact of a table that records none, or of a stream that it does not know', async () => {
    const { row } = genuine('payment');
    for (const table of ['processor_events', 'audit', 'somewhere']) {
      expect(await relayed(table, row)).toEqual({ ...nothing, forged: ['table'] });
    }
  });

  const tenantless = ['tenant', 'operator', 'certificate'];
  const owned = aggregates.filter((aggregate) => !tenantless.includes(aggregate));

  it.each(owned)('believes no fact of another tenant or mode on a row of a %s', async (aggregate) => {
    const other = exampleId('ten', 'z');
    for (const claim of [{ tenant: other }, { mode: 'live' } as const, { tenant: 'platform' }]) {
      const { table, row } = genuine(aggregate, claim);
      expect(await relayed(table, row)).toEqual({ ...nothing, forged: ['owner'] });
    }
  });

  it('believes no row whose partition is another’s', async () => {
    const { table, row } = genuine('webhook_endpoint');
    const forged = { ...row, pk: `${exampleId('ten', 'z')}#test` };
    expect(await relayed(table, forged)).toEqual({ ...nothing, forged: ['key'] });
    const payment = genuine('payment');
    expect(await relayed('payments', { ...payment.row, pk: exampleId('pay', 'z') })).toMatchObject(nothing);
  });

  it.each(aggregates)(
    'believes no fact of a %s under another aggregate, id, type, time or sequence',
    async (aggregate) => {
      const { row, table } = genuine(aggregate);
      const id = exampleId(idPrefixes[aggregate], 'z');
      const elsewhere = exampleIds[aggregate].replace('_us_', '_eu_');
      const type: EventType = aggregate === 'payment' ? 'customer.created' : 'payment.captured';
      const claims: Partial<Fact>[] = [
        { aggregate_id: id, id: factId(zone, id, 1, Date.parse(at)) },
        { aggregate_id: elsewhere, id: factId(zone, elsewhere, 1, Date.parse(at)) },
        { id: factId(zone, id, 1, Date.parse(at)) },
        { type },
        { at: '2026-11-21T10:15:31.000Z' },
        { sequence: 2, id: factId(zone, row.fact.aggregate_id, 2, Date.parse(at)) },
        { previous: factId(zone, row.fact.aggregate_id, 0, 0) },
      ];
      for (const claim of claims) {
        const done = await relayed(table, { ...row, fact: { ...row.fact, ...claim } });
        expect(done, JSON.stringify(claim)).toMatchObject(nothing);
        expect(done.forged).toHaveLength(1);
      }
    },
  );
});

/** Partitions into which IAM lets a function write rows of a table; null: it writes none there. */
function writable({ tables: grants }: FunctionRow, table: TableName): readonly RowKind[] | null {
  const kinds = (tables as Record<TableName, Table>)[table].rows;
  const writing = grants.filter((grant) => grant.table === table && grant.verbs.includes('PutItem'));
  if (writing.length === 0) return null;
  return writing.flatMap(({ rows = Object.keys(kinds) }) => rows.flatMap((name) => kinds[name] ?? []));
}

describe('[IAM-1] a function that is in other hands', () => {
  it.each(Object.entries<FunctionRow>(functions))(
    '%s makes the relay believe its own aggregates alone',
    async (_, row) => {
      for (const table of Object.keys(tables) as TableName[]) {
        const kinds = writable(row, table);
        if (kinds === null) continue;
        for (const aggregate of aggregates) {
          const forged = genuine(aggregate).row;
          // IAM refuses a put into another partition.
          if (!kinds.some((kind) => isOfKind(kind, forged.pk))) continue;
          const mayBear = table === home(aggregate).table && kinds.includes(home(aggregate).kind);
          const done = await relayed(table, forged);
          expect(done.published, `${table} ${aggregate}`).toBe(mayBear ? 1 : 0);
        }
      }
    },
  );
});
