// The tenants of the webhook bench with their endpoints, made by the product's own handlers, and what happens to them:
// payments that are created and then captured, as records of the payments table's stream.

import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { idPrefixes } from '../../contract/kernel/vocabulary.ts';
import { createWebhookEndpoint } from '../../contract/webhooks/operations.ts';
import { routes } from '../../lambdas/functions/webhooks.ts';
import { keyring } from '../../lambdas/kernel/crypto/keyring.ts';
import { sealFields } from '../../lambdas/kernel/crypto/sealed_fields.ts';
import { serve } from '../../lambdas/kernel/http/serve.ts';
import { portsOf } from '../../lambdas/kernel/operation/ports.ts';
import { timestamp } from '../../lambdas/kernel/platform/clock.ts';
import { derivedId } from '../../lambdas/kernel/platform/ids.ts';
import { type AuditContext, commitChange, factId } from '../../lambdas/kernel/store/commit.ts';
import { dataKeys } from '../../lambdas/kernel/store/data_keys.ts';
import { createPayment as decide, settleCharge } from '../../lambdas/payments/domain/payment.ts';
import { paymentRow } from '../../lambdas/payments/store.ts';
import { answeredClients } from '../../test/kit/aws/answered.ts';
import type { MemoryAws } from '../../test/kit/aws/memory.ts';
import { verifyEndpoint } from '../../test/kit/challenge.ts';
import { caller, merchant } from '../../test/kit/requests.ts';
import { bytesFrom, platformOf } from './surroundings.ts';

export interface Tenant {
  readonly id: string;
  readonly kind: 'noisy' | 'quiet' | 'hanging';
  readonly url: string;
}

export interface Happening {
  readonly event: string;
  /** Counts payments. */
  readonly payment: number;
  readonly tenant: Tenant;
  readonly atMs: number;
  /** Of the same payment; null for its first. */
  readonly previous: string | null;
  /** As Lambda hands it to the relay. */
  readonly record: object;
}

type Image = Record<string, AttributeValue>;

const eventOf = (fact: string): string => fact.replace(idPrefixes.fact, idPrefixes.event);

/** One payment as the store writes it, twice: created, and captured. */
async function imagesOf(aws: MemoryAws, nowMs: number): Promise<readonly Image[]> {
  const platform = platformOf(
    answeredClients(async (call) => aws.answer(call)),
    { now: () => nowMs, random: bytesFrom('payment') },
  );
  const owner = { tenant: merchant.tenant, mode: 'test' } as const;
  const actor = { kind: 'key', id: merchant.actor_id } as const;
  const act: AuditContext = { ...owner, actor, onBehalfOf: null, requestId: 'bench', address: null };
  const method = { payment_method: 'pm_test_visa', capture_method: 'automatic' } as const;
  const body = { amount: 1_999, currency: 'EUR', ...method } as Parameters<typeof decide>[1];
  const origin = { id: derivedId('payment', 'us', ['bench']), ...owner, processor: 'test', bodyDigest: 'none' };
  const made = decide(origin, body, new Uint8Array(), { ms: nowMs, text: timestamp(nowMs) });
  const done = await commitChange(platform, paymentRow, null, made, act);
  const [before] = done.kind === 'committed' ? done.rows : [];
  const fact = { kind: 'approved', charge: 'ch_4kq2zmd7xw3htbn6rvcgy5je', captured: true } as const;
  const settled = before && settleCharge(before.value, fact, nowMs);
  if (before === undefined || !settled) throw new Error('the bench could not make a payment');
  await commitChange(platform, paymentRow, before, settled, act);
  return aws.database.stream('payments').map(({ dynamodb }) => dynamodb.NewImage as Image);
}

/** What happens to payments, as the stream tells it, from one image of each change. */
export async function openLoad(aws: MemoryAws, nowMs: number) {
  const images = await imagesOf(aws, nowMs);
  const source = aws.database.stream('payments')[0]?.eventSourceARN;
  const platform = platformOf(
    answeredClients(async (call) => aws.answer(call)),
    { now: () => nowMs, random: bytesFrom('texts') },
  );
  const keys = keyring(platform, 'tenant', dataKeys(platform));
  let payments = 0;
  return {
    /** Creation and capture of another payment. */
    async payment(tenant: Tenant, times: readonly [number, number]): Promise<readonly Happening[]> {
      payments += 1;
      const number = payments;
      const payment = derivedId('payment', 'us', ['bench', number]);
      const bearer = { object: 'payment', id: payment, tenant: tenant.id, mode: 'test' } as const;
      const sealedFields = {
        B: await sealFields(keys, bearer, { description: null, metadata: { order: String(number) } }),
      };
      let before: { readonly fact: string; readonly image: Image } | null = null;
      return images.map((image, index): Happening => {
        // A commit records whole milliseconds.
        const atMs = Math.floor(times[index] ?? 0);
        const fact = factId('us', payment, index + 1, atMs);
        const factImage: Image = {
          ...image.fact?.M,
          id: { S: fact },
          aggregate_id: { S: payment },
          tenant: { S: tenant.id },
          at: { S: timestamp(atMs) },
          previous: before === null ? { NULL: true } : { S: before.fact },
        };
        const own = {
          pk: { S: payment },
          id: { S: payment },
          tenant: { S: tenant.id },
          sealed_fields: sealedFields,
          fact: { M: factImage },
          sequence_at_ms: { N: String(atMs) },
        };
        const NewImage: Image = { ...image, ...own };
        const happening = {
          ...{ event: eventOf(fact), payment: number, tenant, atMs, previous: before && eventOf(before.fact) },
          record: {
            eventSourceARN: source,
            dynamodb: { NewImage, ...(before && { OldImage: before.image }), SequenceNumber: fact },
          },
        };
        before = { fact, image: NewImage };
        return happening;
      });
    },
  };
}

/** Tenants who get everything, in order, as soon as they have an endpoint. */
export async function openTenants(aws: MemoryAws, nowMs: number, kinds: readonly Tenant['kind'][]): Promise<Tenant[]> {
  const platform = platformOf(
    answeredClients(async (call) => aws.answer(call)),
    { now: () => nowMs, random: bytesFrom('tenants') },
  );
  const webhooks = caller(serve(portsOf(platform), routes));
  const tenants: Tenant[] = [];
  for (const [index, kind] of kinds.entries()) {
    const id = derivedId('tenant', 'us', ['bench', index]);
    const url = `https://receiver-${index}.example.org/webhooks`;
    const authorizer = { ...merchant, tenant: id };
    const { statusCode, json } = await webhooks(createWebhookEndpoint, {
      key: `endpoint-${index}`,
      authorizer,
      body: { url },
    });
    if (statusCode !== 201) throw new Error('the bench could not make an endpoint');
    await verifyEndpoint(platform, { tenant: id, mode: 'test' }, json.id);
    tenants.push({ id, kind, url });
  }
  return tenants;
}
