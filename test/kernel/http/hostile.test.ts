// Every operation that takes a body, asked with hostile ones: never a failure of ours, a refusal changes nothing, and what is
// accepted comes back as it was sent.

import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type OperationId,
  operationExamples,
  operations,
  type TableName,
  tables,
} from '../../../contract/capabilities.ts';
import { type IdKind, idPrefixes } from '../../../contract/kernel/vocabulary.ts';
import { apiHandler, everyPort } from '../../kit/api_functions.ts';
import { hostileBody } from '../../kit/hostile.ts';
import { caller, type merchant, operator, realMerchant } from '../../kit/requests.ts';
import { openRuntime } from '../../kit/runtime/open.ts';
import type { RuntimeFixture } from '../../kit/runtime/runtime_fixture.ts';

let runtime: RuntimeFixture;
let call: ReturnType<typeof caller>;
let authorizer: typeof merchant;
beforeAll(async () => {
  runtime = await openRuntime();
  call = caller(apiHandler(() => everyPort(runtime.platform)));
  authorizer = await realMerchant(call);
});
afterAll(() => runtime.stop());

/** A refusal leaves its audit entry, and the day's data key that seals it. */
const left: readonly string[] = ['audit', 'data_keys'] satisfies TableName[];

const stored = async (): Promise<string> => {
  const names = (Object.keys(tables) as TableName[]).filter((name) => !left.includes(name));
  const scans = names.map((name) =>
    runtime.platform.dynamodb.send(new ScanCommand({ TableName: runtime.platform.config.table(name) })),
  );
  // Engines give attributes in an order of their own.
  return String(
    canonicalize((await Promise.all(scans)).map(({ Items = [] }) => Items.map((item) => unmarshall(item)))),
  );
};

/** Shown as they were sent. */
const asSent: readonly string[] = [
  'amount',
  'currency',
  'name',
  'description',
  'metadata',
  'reason',
  'allowed_addresses',
];

const rows = operations.filter(({ body }) => body !== undefined);

it.each(rows.map((row) => [row.id, row] as const))('[API-3] %s', async (id, row) => {
  const { body = {} } = operationExamples[id as OperationId] as { body?: object };
  let sent = 0;
  let before = await stored();
  await fc.assert(
    fc.asyncProperty(hostileBody(body), async (text) => {
      sent += 1;
      const params = Object.fromEntries(
        [...row.path.matchAll(/\{(\w+)_id\}/g)].map(([, kind = '']) => [
          `${kind}_id`,
          `${idPrefixes[kind as IdKind]}_us_${'a'.repeat(26)}`,
        ]),
      );
      const reply = await call(row, {
        key: `${id}-${sent}`,
        params,
        body: text.isWellFormed() ? Buffer.from(text) : text,
        authorizer: (row.actors as readonly string[]).includes('key') ? authorizer : operator,
      });
      expect(reply.statusCode, text).toBeLessThan(500);
      const after = await stored();
      if (reply.statusCode >= 400) expect(after, text).toBe(before);
      else {
        before = after;
        const shown = JSON.parse(reply.body);
        const same = Object.entries(JSON.parse(text)).filter(([name]) => asSent.includes(name) && name in shown);
        expect(shown, text).toMatchObject(Object.fromEntries(same));
      }
    }),
    { numRuns: 40 },
  );
});
