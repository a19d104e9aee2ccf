// What DynamoDB bounds by bytes or pages hides nothing: lists go on behind 1 MB, the reconciler behind what it cannot read.

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dueShards } from '../../../contract/kernel/table.ts';
import { reconcilerLimits } from '../../../contract/payments/limits.ts';
import { eventItem, newestEvents, type StoredEvent } from '../../../lambdas/events/store.ts';
import { sealFields } from '../../../lambdas/kernel/crypto/sealed_fields.ts';
import { type Cursors, identity, pageOf } from '../../../lambdas/kernel/operation/page.ts';
import { derivedId, shardOf, timeOrderedBody } from '../../../lambdas/kernel/platform/ids.ts';
import { insertAll, sendAll } from '../../../lambdas/kernel/store/batch.ts';
import { commitChange } from '../../../lambdas/kernel/store/commit.ts';
import { load } from '../../../lambdas/kernel/store/load.ts';
import { toItem } from '../../../lambdas/kernel/store/row.ts';
import { moneyPorts } from '../../../lambdas/payments/ports.ts';
import { reconcile } from '../../../lambdas/payments/reconcile.ts';
import { paymentRow } from '../../../lambdas/payments/store.ts';
import { openRuntime } from '../../kit/runtime/open.ts';
import type { RuntimeFixture } from '../../kit/runtime/runtime_fixture.ts';
import { processing } from '../../payments/payment_states.ts';

let runtime: RuntimeFixture;
beforeAll(async () => {
  runtime = await openRuntime();
});
afterAll(() => runtime.stop());

const large = (at: number): StoredEvent => ({
  id: `evt_us_${timeOrderedBody(at, [at])}`,
  object: 'event',
  mode: 'test',
  type: 'payment.created',
  occurred_at: new Date(at).toISOString(),
  schema_version: 1,
  tenant_id: 'ten_large',
  aggregate_type: 'payment',
  aggregate_id: 'pay',
  sequence: at,
  previous: null,
  sealed_fields: null,
  data: { metadata: 'x'.repeat(75_000) },
});

/** Cursors that are the positions themselves. */
const plain: Cursors = { position: async (cursor) => cursor, of: async (position) => position };

describe('[WHK-2] a list', () => {
  it('of the largest events holds every one of them, in pages that fit an answer', async () => {
    const made = Array.from({ length: 150 }, (_, index) => large(1_800_000_000_000 + index));
    await insertAll(
      runtime.platform,
      made.map((event) => ({ table: 'events', item: eventItem(event) })),
    );
    const seen: string[] = [];
    let position: string | undefined;
    for (let pages = 0; pages < 20; pages += 1) {
      const items = await newestEvents(runtime.platform, 'ten_large#test', position, 101);
      const page = await pageOf(plain, { limit: 100 }, items, identity);
      expect(JSON.stringify(page).length).toBeLessThan(6_000_000);
      seen.push(...page.data.map(({ id }) => id));
      position = page.data.at(-1)?.id;
      if (!page.has_more) break;
    }
    expect(seen).toEqual(made.map(({ id }) => id).reverse());
  });
});

describe('a page', () => {
  const items = Array.from({ length: 101 }, (_, at) => ({
    position: `${200 - at}`,
    value: { id: at, sealed: new Uint8Array(30_000) },
  }));

  it('holds as many as were asked for, however much lies sealed in them, because no answer shows that', async () => {
    const page = await pageOf(plain, { limit: 100 }, items, identity);
    expect(page.data).toHaveLength(100);
    expect(page.has_more).toBe(true);
  });

  it('is measured by what it shows: opened fields count, and the next page begins behind the last that fits', async () => {
    const page = await pageOf(plain, { limit: 100 }, items, ({ id }) => ({ id, description: 'ü'.repeat(25_000) }));
    expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThan(4_001_000);
    expect(page.data.length).toBe(79);
    expect(page.next_cursor).toBe(items[78]?.position);
  });
});

describe('[WHK-2] what AWS puts off', () => {
  it('is sent again until it was taken, each item once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 1, max: 25 }),
        fc.nat(),
        async (count, perCall, seed) => {
          const items = Array.from({ length: count }, (_, index) => index);
          const accepted: number[] = [];
          let calls = 0;
          await sendAll(
            async () => {},
            items,
            perCall,
            async (batch) => {
              expect(batch.length).toBeLessThanOrEqual(perCall);
              calls += 1;
              // At most the bound of calls that put something off.
              const putOff = calls <= 4 ? batch.filter((item) => (item * 7 + seed + calls) % 3 === 0) : [];
              accepted.push(...batch.filter((item) => !putOff.includes(item)));
              return putOff;
            },
          );
          expect(accepted.sort((a, b) => a - b)).toEqual(items);
        },
      ),
    );
  });

  it('for ever ends in an error, after bounded tries', async () => {
    let calls = 0;
    const refused = sendAll(
      async () => {},
      [1, 2, 3],
      25,
      async (batch) => {
        calls += 1;
        return batch;
      },
    );
    await expect(refused).rejects.toThrow('put off too often');
    expect(calls).toBeLessThanOrEqual(7);
  });
});

describe('[PAY-1] the reconciler', () => {
  it('goes past what it cannot read, to what is due behind it', async () => {
    const { platform } = runtime;
    const id = derivedId('payment', 'us', ['behind']);
    const shard = String(shardOf(id, dueShards));
    const bad = Array.from({ length: reconcilerLimits.dueItemsPerPage + 5 }, (_, index) => {
      const pk = derivedId('payment', 'us', ['bad', index]);
      return toItem({ pk, sk: 'payment', due_pk: shard, due_sk: `2020-01-01T00:00:00.000Z#${pk}` });
    });
    await insertAll(
      platform,
      bad.map((item) => ({ table: 'payments', item })),
    );
    const audit = {
      tenant: 'ten_us_a',
      mode: 'test',
      actor: { kind: 'key', id: 'k' },
      onBehalfOf: null,
      requestId: 'r',
      address: null,
    } as const;
    const ports = moneyPorts(platform);
    const payment = { ...processing(), id };
    const sealed_fields = await sealFields(ports.keyring, payment, { description: null, metadata: {} });
    await commitChange(
      platform,
      paymentRow,
      null,
      { next: { ...payment, sealed_fields }, fact: 'payment.created' },
      audit,
    );
    runtime.advance(24 * 3_600_000 * 365 * 2);
    const reconciled = await reconcile(ports, 'reconcile', 55_000);
    expect(reconciled).toEqual({ looked: 1, failed: bad.length });
    expect((await load(platform, paymentRow, { id }))?.value.status).toBe('failed');
  });
});
