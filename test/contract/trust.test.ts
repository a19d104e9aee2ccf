// Rows of different trust: whoever may write one kind of row of a table may write no other kind that others write.

import { describe, expect, it } from 'vitest';
import { type FunctionRow, functions, type TableName, tables } from '../../contract/capabilities.ts';
import { patternsOverlap, type Table } from '../../contract/kernel/table.ts';
import { events } from '../../contract/kernel/vocabulary.ts';

const all = Object.entries(tables) as [TableName, Table][];
const writing = (verb: string): boolean => !/^(Get|BatchGet|Query|Scan|ConditionCheck)/.test(verb);

/** Names of functions that may write rows of a kind. Data keys' kinds follow from the keys of their functions. */
const writersOf = (table: TableName, kind: string): string =>
  Object.entries<FunctionRow>(functions)
    .filter(([, row]) =>
      row.tables.some(
        ({ table: of, verbs, rows }) =>
          of === table && verbs.some(writing) && (rows === undefined || rows.includes(kind)),
      ),
    )
    .map(([name]) => name)
    .join();

describe('[IAM-1] kinds of rows', () => {
  it.each(all)('of %s with different writers differ in their partitions', (name, { rows }) => {
    const kinds = Object.entries(rows);
    for (const [index, [kind, { partitions }]] of kinds.entries()) {
      for (const [other, { partitions: theirs }] of kinds.slice(index + 1)) {
        if (writersOf(name, kind) === writersOf(name, other)) continue;
        expect(
          partitions.filter((one) => theirs.some((two) => patternsOverlap(one, two))),
          `${kind} ${other}`,
        ).toEqual([]);
      }
    }
  });

  it('that a grant names are the table’s own', () => {
    for (const row of Object.values<FunctionRow>(functions)) {
      for (const { table, rows = [] } of row.tables) {
        for (const kind of rows) expect(Object.keys((tables as Record<TableName, Table>)[table].rows)).toContain(kind);
      }
    }
  });

  it('that bear facts are one for each aggregate, and only their own functions write them', () => {
    const bearing = all.flatMap(([table, { rows }]) =>
      Object.entries(rows).flatMap(([kind, { facts = [] }]) => facts.map((aggregate) => ({ table, kind, aggregate }))),
    );
    expect(bearing.map(({ aggregate }) => aggregate).sort()).toEqual([...new Set(Object.values(events))].sort());
    const writers = Object.fromEntries(
      bearing.map((each) => [each.aggregate, writersOf(each.table, each.kind).split(',').sort()]),
    );
    expect(writers).toEqual({
      tenant: ['business', 'tenants'],
      // The authorizer notes the use of a key, and may name no other attribute.
      key: ['authorizer', 'tenants'],
      // Operators are made by people who deploy.
      operator: [''],
      certificate: ['rewrapper'],
      customer: ['customers'],
      connection: ['connections'],
      connection_defaults: ['connections'],
      connection_health: ['money', 'reconciler'],
      payment: ['money', 'processor_events', 'reconciler'],
      webhook_endpoint: ['deliver', 'webhooks'],
      delivery: ['deliver', 'webhooks'],
    });
  });
});

it('[IAM-1] whoever may change a connection can report nothing in its processor’s name', () => {
  const puts = (name: keyof typeof functions): string[] =>
    functions[name].tables.filter(({ verbs }) => verbs.some(writing)).map(({ table }) => table);
  expect(puts('connections')).not.toContain('processor_events');
  expect(puts('processor_webhooks')).not.toContain('providers');
});
