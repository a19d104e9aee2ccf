// Crashes at every line between intent and reply: the state that a dead process left is made by doing what it had done,
// and then either the same request comes again, or nobody comes and the reconciler does.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { moneyLimits } from '../../contract/payments/limits.ts';
import { capturePayment, createPayment, getPayment } from '../../contract/payments/operations.ts';
import { routes as moneyRoutes } from '../../lambdas/functions/money.ts';
import { routes as readRoutes } from '../../lambdas/functions/payments_read.ts';
import { sealFields } from '../../lambdas/kernel/crypto/sealed_fields.ts';
import { serve } from '../../lambdas/kernel/http/serve.ts';
import { derivedId } from '../../lambdas/kernel/platform/ids.ts';
import { type AuditContext, commitChange } from '../../lambdas/kernel/store/commit.ts';
import { load } from '../../lambdas/kernel/store/load.ts';
import { providerKey } from '../../lambdas/payments/domain/intent.ts';
import { requestModification } from '../../lambdas/payments/domain/modification.ts';
import { type ProcessorOperation, toOrder } from '../../lambdas/payments/domain/operation.ts';
import { createPayment as decide } from '../../lambdas/payments/domain/payment.ts';
import { type MoneyPorts, moneyPorts } from '../../lambdas/payments/ports.ts';
import { reconcile } from '../../lambdas/payments/reconcile.ts';
import { commitOperation, paymentRow } from '../../lambdas/payments/store.ts';
import { testProcessor } from '../../lambdas/processors/test/processor.ts';
import { recorded } from '../../proof/privileges/recorder.ts';
import { caller, merchant, type Reply, type Sent } from '../kit/requests.ts';
import { openRuntime } from '../kit/runtime/open.ts';
import type { RuntimeFixture } from '../kit/runtime/runtime_fixture.ts';
import { at } from './payment_states.ts';

let runtime: RuntimeFixture;
let ports: MoneyPorts;
let reconciler: MoneyPorts;
let money: (operation: typeof createPayment | typeof capturePayment, sent: Sent) => Promise<Reply>;
let read: (operation: typeof getPayment, sent: Sent) => Promise<Reply>;
let key = '';
let count = 0;

beforeAll(async () => {
  runtime = await openRuntime();
  ports = moneyPorts(runtime.platform);
  reconciler = moneyPorts(recorded(runtime.platform, 'reconciler'));
  money = caller(serve(moneyPorts(recorded(runtime.platform, 'money')), moneyRoutes));
  read = caller(serve(ports, readRoutes));
});
afterAll(() => runtime.stop());
beforeEach(() => {
  count += 1;
  key = `crash-${count}`;
});

const visa = { amount: 1000, currency: 'EUR', payment_method: 'pm_test_visa' };
const act: AuditContext = {
  tenant: merchant.tenant,
  mode: 'test',
  actor: { kind: 'key', id: merchant.actor_id },
  onBehalfOf: null,
  requestId: 'req-dead',
  address: null,
};
const now = () => at(runtime.platform.clock());
const charges = async (payment: string): Promise<{ captured: number }[]> =>
  ((await (await fetch(`${runtime.provider}/charges?reference=${payment}`)).json()) as { data: [] }).data;
const reconcileNow = () => reconcile(reconciler, 'reconcile', 55_000);
const lookAt = async (id: string) => (await read(getPayment, { params: { payment_id: id } })).json;
const processor = () => testProcessor(runtime.provider);

/** What a handler had done when it died after the intent was committed. */
async function dieAfterIntent(body = visa): Promise<ProcessorOperation> {
  const id = derivedId('payment', 'us', [merchant.tenant, 'test', 'POST', '/v1/payments', key]);
  const { next, fact } = decide(
    { id, tenant: merchant.tenant, mode: 'test', processor: 'test', bodyDigest: await ports.digests.of(body) },
    { ...body, capture_method: 'automatic' },
    await sealFields(
      ports.keyring,
      { object: 'payment', id, tenant: merchant.tenant, mode: 'test' },
      { description: null, metadata: {} },
    ),
    now(),
  );
  await commitChange(runtime.platform, paymentRow, null, { next, fact }, act);
  return { payment: next, modification: null };
}

/** … and when it died after the processor had charged. */
async function dieAfterCharge(): Promise<ProcessorOperation> {
  const operation = await dieAfterIntent();
  const order = toOrder(operation);
  await processor().send(order, providerKey(order.id, operation.payment.intent), 5_000);
  return operation;
}

describe.each([
  ['before the processor was asked', () => dieAfterIntent()],
  ['after the processor charged', dieAfterCharge],
])('[PAY-1] a crash %s', (_, die) => {
  it('while the lease runs, a repeat gets 409 with the time that is left', async () => {
    await die();
    const reply = await money(createPayment, { key, body: visa });
    expect(reply.statusCode).toBe(409);
    expect(Number(reply.headers?.['Retry-After'])).toBeGreaterThan(15);
    expect(Number(reply.headers?.['Retry-After'])).toBeLessThanOrEqual(20);
  });

  it('after the lease, a repeat resumes: one charge, and a reply that stays', async () => {
    const { payment } = await die();
    runtime.advance(moneyLimits.leaseMs);
    const reply = await money(createPayment, { key, body: visa });
    expect(reply.json).toMatchObject({ id: payment.id, status: 'captured' });
    expect((await money(createPayment, { key, body: visa })).body).toBe(reply.body);
    expect(await charges(payment.id)).toHaveLength(1);
  });

  it('without any repeat, the reconciler settles it; a late repeat gets the reply that the reconciler wrote', async () => {
    const { payment } = await die();
    await reconcileNow();
    expect((await lookAt(payment.id)).status).toBe('processing');
    runtime.advance(moneyLimits.leaseMs);
    await reconcileNow();
    const settled = await lookAt(payment.id);
    expect(settled.status).toBe('captured');
    expect(await charges(payment.id)).toHaveLength(1);
    const late = await money(createPayment, { key, body: visa });
    expect(late.statusCode).toBe(201);
    expect(late.headers).toHaveProperty('Idempotent-Replayed', 'true');
    expect(late.json).toEqual(settled);
  });

  it('reconcilers and repeats that race: one charge, one reply', async () => {
    const { payment } = await die();
    runtime.advance(moneyLimits.leaseMs);
    const [, , ...replies] = await Promise.all([
      reconcileNow(),
      reconcileNow(),
      ...Array.from({ length: 5 }, () => money(createPayment, { key, body: visa })),
    ]);
    expect(await charges(payment.id)).toHaveLength(1);
    const last = await money(createPayment, { key, body: visa });
    expect(last.statusCode).toBe(201);
    for (const reply of replies) if (reply.statusCode === 201) expect(reply.body).toBe(last.body);
  });
});

describe('[PAY-1] long after a crash', () => {
  const halfLifetime = 13 * 3_600_000;

  it('nothing is sent any more: a charge that happened is found by our reference', async () => {
    const { payment } = await dieAfterCharge();
    runtime.advance(halfLifetime);
    await reconcileNow();
    expect((await lookAt(payment.id)).status).toBe('captured');
    expect(await charges(payment.id)).toHaveLength(1);
  });

  it('nothing is sent any more: one that never happened fails, retriably', async () => {
    const { payment } = await dieAfterIntent();
    runtime.advance(halfLifetime);
    await reconcileNow();
    expect(await lookAt(payment.id)).toMatchObject({ status: 'failed', last_error: { retriable: true } });
    expect(await charges(payment.id)).toHaveLength(0);
  });
});

describe('[PAY-1] a crash in the middle of a capture', () => {
  it('keeps the reservation until the reconciler settles it, and captures once', async () => {
    const body = { ...visa, capture_method: 'manual' };
    const { json: payment } = await money(createPayment, { key, body });
    const before = await load(runtime.platform, paymentRow, { id: payment.id });
    if (before === undefined) throw new Error('no payment');
    const id = derivedId('capture', 'us', [key]);
    const request = { kind: 'capture', id, amount: 700, sealedFields: null, bodyDigest: '1.x' } as const;
    const decided = requestModification(before.value, request, now());
    if ('refused' in decided) throw new Error(decided.refused);
    await commitOperation(runtime.platform, { payment: before, modification: null }, decided, act);
    const order = toOrder(decided.next);
    await processor().send(order, providerKey(id, decided.next.modification.intent), 5_000);

    const params = { payment_id: payment.id };
    const beyond = await money(capturePayment, { key: `${key}-b`, params, body: { amount: 301 } });
    expect(beyond.json.code).toBe('amount_exceeds_authorized');
    runtime.advance(moneyLimits.leaseMs);
    await reconcileNow();
    expect(await lookAt(payment.id)).toMatchObject({ amount_captured: 700, status: 'authorized' });
    expect((await charges(payment.id))[0]?.captured).toBe(700);
  });
});

describe('[PAY-1] what waits for people or time', () => {
  it.each([
    ['pm_test_3ds', 'requires_action', (charge: string) => `/actions/${charge}/complete`],
    ['pm_test_review', 'requires_approval', (charge: string) => `/charges/${charge}/approve`],
  ])('%s: %s, and captured once it was done', async (payment_method, status, path) => {
    const { json } = await money(createPayment, { key, body: { ...visa, payment_method } });
    expect(json.status).toBe(status);
    if (status === 'requires_action') expect(json.next_action.url).toContain(runtime.provider);
    const stored = await load(runtime.platform, paymentRow, { id: json.id });
    await reconcileNow();
    expect((await lookAt(json.id)).status).toBe(status);
    const done = await fetch(runtime.provider + path(stored?.value.charge ?? ''), { method: 'POST' });
    expect(done.ok).toBe(true);
    runtime.advance(3_600_000);
    await reconcileNow();
    expect(await lookAt(json.id)).toMatchObject({ status: 'captured', next_action: null });
    expect((await money(createPayment, { key, body: { ...visa, payment_method } })).json.status).toBe(status);
  });
});
