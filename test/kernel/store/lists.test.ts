// Lists over several partitions: each row once, newest first, and as many as were asked for.

import { expect, it } from 'vitest';
import { readConfig } from '../../../lambdas/kernel/platform/config.ts';
import { lookedUpKeys } from '../../../lambdas/kernel/store/lists.ts';
import { answeredClients } from '../../kit/aws/answered.ts';
import { environment } from '../../kit/aws/environment.ts';

/** An index as it is seen while a row moves: under its old digest still, and under its new one already. */
const seen: Readonly<Record<string, readonly string[]>> = {
  'ten_1#test#1.old': ['2026-03#cus_c', '2026-01#cus_a'],
  'ten_1#test#2.new': ['2026-03#cus_c', '2026-02#cus_b'],
};

it('[DSR-3] a row that is seen in two partitions is listed once, and takes nobody else’s place', async () => {
  const clients = answeredClients(async ({ input }) => {
    const { ExpressionAttributeValues, Limit } = input as {
      readonly ExpressionAttributeValues: { readonly ':partition': { readonly S: string } };
      readonly Limit: number;
    };
    const positions = seen[ExpressionAttributeValues[':partition'].S] ?? [];
    return {
      Items: positions.slice(0, Limit).map((position) => ({
        pk: { S: position.split('#')[1] ?? '' },
        sk: { S: 'subject' },
        lookup_sk: { S: position },
      })),
    };
  });
  const config = readConfig(environment('test', 'http://127.0.0.1:1'));
  const platform = { ...clients, config, clock: Date.now, random: (bytes: number) => new Uint8Array(bytes) };
  const find = async (count: number) =>
    (await lookedUpKeys(platform, 'subjects', 'ten_1#test', ['1.old', '2.new'], undefined, count)).map(
      ({ position }) => position,
    );
  expect(await find(3)).toEqual(['2026-03#cus_c', '2026-02#cus_b', '2026-01#cus_a']);
  expect(await find(2)).toEqual(['2026-03#cus_c', '2026-02#cus_b']);
});
