// Laws of the operation table: what makes it safe to derive everything else from it.

import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  errors,
  type FunctionRow,
  functions,
  type Operation,
  operations,
  tables,
} from '../../contract/capabilities.ts';
import { slo } from '../../contract/kernel/slo.ts';
import { idPrefixes } from '../../contract/kernel/vocabulary.ts';

const rows = operations.map((row): [string, Operation] => [row.id, row]);

describe('the operation table', () => {
  it('holds every row of every capability’s operations, each id and each route once', () => {
    const files = globSync('contract/*/*operations.ts');
    const written = files.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/^ {2}id: '(.+)',$/gm)].map(([, id]) => id),
    );
    expect(operations.map(({ id }) => id).sort()).toEqual(written.sort());
    expect(new Set(operations.map(({ id }) => id)).size).toBe(operations.length);
    expect(new Set(operations.map(({ method, path }) => `${method} ${path}`)).size).toBe(operations.length);
  });

  it.each(rows)('%s has its handler where its id says', (id) => {
    expect(globSync(`lambdas/*/handlers/${id}.ts`).length === 1).toBe(true);
  });

  it.each(rows)('%s is served by a function that the API reaches', (_, row) => {
    expect(functions[row.function].trigger.kind).toBe('api');
    expect(Object.keys(slo)).toContain(row.slo);
  });

  it.each(rows)('%s refuses only with client errors of the catalogue', (_, row) => {
    for (const code of row.refuses) expect(errors[code].status).toBeLessThan(500);
  });

  it.each(rows)('[API-1] %s is open to somebody, and to keys only with a scope', (_, row) => {
    expect(row.actors.length).toBeGreaterThan(0);
    if (row.actors.some((actor) => actor !== 'operator')) expect(row.scopes.length).toBeGreaterThan(0);
  });

  it.each(rows)('%s: every path parameter is the id of a kind, and refuses what it does not find', (_, row) => {
    for (const [, name = ''] of row.path.matchAll(/\{(\w+)\}/g)) {
      const kind = name.replace(/_id$/, '');
      expect(Object.keys(idPrefixes)).toContain(kind);
      expect(row.refuses).toContain(`${kind}_not_found`);
    }
  });

  /** Decisions about an object that is there: whoever repeats one decides the same again. */
  const decisions = [
    'payments/confirm',
    'payments/cancel',
    'webhook_endpoints/verify',
    'deliveries/retry',
    'deliveries/skip',
    'tenants/suspend',
    'tenants/resume',
    'tenants/close',
    'tenants/propose_verification',
    'tenants/confirm_verification',
    'business/submit',
  ];

  it.each(rows.filter(([, row]) => row.method === 'POST'))('[PAY-1] %s, a POST, creates an object', (id, row) => {
    if (decisions.includes(id)) expect(row.creates).toBeUndefined();
    else expect(row.creates).toBeDefined();
    expect(row.body).toBeDefined();
  });

  /** What is known of a person is read where it is written: no second function may open it. */
  const opensPersons: readonly string[] = ['customers', 'business'];

  it.each(rows.filter(([, row]) => row.method === 'GET' && !opensPersons.includes(row.function)))(
    '%s, a read, is served without any right to write, but its audit entry and the day’s data key',
    (_, row) => {
      const domain = functions[row.function].tables.filter(({ table }) => !['audit', 'data_keys'].includes(table));
      const verbs = domain.flatMap((grant): readonly string[] => grant.verbs);
      expect(verbs.filter((verb) => !['GetItem', 'BatchGetItem', 'Query'].includes(verb))).toEqual([]);
    },
  );
});

describe('the functions table', () => {
  it('[ENC-3] what is known of persons is sealed by one function for customers and one for businesses, and opened by no other but whoever pays', () => {
    const using = Object.entries(functions as Record<string, FunctionRow>).filter(
      ([, row]) => row.keys.pii !== undefined,
    );
    const opening = using.filter(([, row]) => row.keys.pii?.includes('Decrypt'));
    expect(opening.map(([name]) => name).sort()).toEqual(['business', 'customers', 'money']);
    const writing = Object.entries(functions as Record<string, FunctionRow>).filter(([, row]) =>
      row.tables.some(({ table, verbs }) => /^subject/.test(table) && verbs.some((verb) => !/Get|Query/.test(verb))),
    );
    expect(writing.map(([name]) => name)).toEqual(['customers']);
  });

  it.each(Object.entries(functions))(
    '%s reads only indexes that exist, and none of its verbs is a wildcard',
    (_, row) => {
      for (const grant of row.tables) {
        if ('index' in grant) expect(tables[grant.table].indexes).toContain(grant.index);
        for (const verb of grant.verbs) expect(verb).toMatch(/^[A-Za-z]+$/);
      }
    },
  );

  it('[NET-1] only functions that call processors, endpoints or the other region, or what has no endpoint in the VPC, have egress', () => {
    const outside = Object.entries(functions).filter(([, row]) => row.network === 'egress');
    expect(outside.map(([name]) => name).sort()).toEqual([
      'canary',
      'deliver',
      'money',
      'reconciler',
      'usage_key_provisioner',
    ]);
  });
});

describe('the error catalogue', () => {
  it.each(Object.entries(errors))('%s is a client or server error with a title and a sentence', (code, row) => {
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(row.status).toBeGreaterThanOrEqual(400);
    expect(row.status).toBeLessThan(600);
    expect(row.title).not.toBe('');
    expect(row.detail).toMatch(/[.:]$|"\.$/);
  });
});
