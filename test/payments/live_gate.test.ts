// The gate before live money: every operation and worker whose function reaches processors is refused without the capability, and
// nothing commits after the suspension's own commit.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FunctionRow, functions, type Operation, operations } from '../../contract/capabilities.ts';
import * as payments from '../../contract/payments/operations.ts';
import * as tenantOperations from '../../contract/tenants/operations.ts';
import { routes as moneyRoutes } from '../../lambdas/functions/money.ts';
import { serve } from '../../lambdas/kernel/http/serve.ts';
import { type AuditContext, commitChange, systemContext } from '../../lambdas/kernel/store/commit.ts';
import { loadItem } from '../../lambdas/kernel/store/load.ts';
import { type MoneyPorts, moneyPorts } from '../../lambdas/payments/ports.ts';
import { reconcile } from '../../lambdas/payments/reconcile.ts';
import { paymentRow } from '../../lambdas/payments/store.ts';
import type { Processor } from '../../lambdas/processors/processor.ts';
import { capabilityChecks } from '../../lambdas/tenants/capability_check.ts';
import { caller, type Reply } from '../kit/requests.ts';
import { openRuntime } from '../kit/runtime/open.ts';
import type { RuntimeFixture } from '../kit/runtime/runtime_fixture.ts';
import { type Merchant, tenantsOf } from '../tenants/business_fixture.ts';
import { processing } from './payment_states.ts';

let runtime: RuntimeFixture;
let tenants: ReturnType<typeof tenantsOf>;
let ports: MoneyPorts;
let money: ReturnType<typeof caller>;
/** Orders that reached the stand-in for a live processor. */
let sent: string[];
const connection = `conn_us_${'c'.repeat(26)}`;

beforeAll(async () => {
  runtime = await openRuntime();
  tenants = tenantsOf(runtime.platform);
  const real = moneyPorts(runtime.platform);
  const test = await real.processorOf({ tenant: 'ten_us_a', mode: 'test', connection: null, processor: 'test' });
  // Speaks for a live account: connections of live mode are another part's.
  const live: Processor = {
    ...test,
    send: (order, key, leftMs) => {
      sent.push(key);
      return test.send(order, key, leftMs);
    },
  };
  ports = {
    ...real,
    processorOf: async () => live,
    connections: async () => ({ ...owner, id: connection, provider: 'stripe', status: 'active' }) as never,
  };
  money = caller(serve(ports, moneyRoutes));
});
afterAll(() => runtime.stop());

let owner: { tenant: string; mode: 'live' };
const as = (who: Merchant) => {
  owner = { tenant: who.tenant, mode: 'live' };
  sent = [];
  return { ...who, mode: 'live' };
};

const card = {
  amount: 1000,
  currency: 'EUR',
  connection,
  payment_method: 'pm_test_visa',
  return_url: 'https://shop.example',
};
const charge = (who: Merchant, more: object = {}) =>
  money(payments.createPayment, { key: tenants.newKey(), authorizer: who, body: { ...card, ...more } });
const on = (operation: Operation, who: Merchant, payment_id: string, body: object = {}): Promise<Reply> =>
  money(operation, { key: tenants.newKey(), authorizer: who, params: { payment_id }, body });

/** By operation: which payment it needs, and what refuses it. Every changing operation of a function that reaches processors. */
const gated: Readonly<Record<string, { readonly code: string; readonly body: object; readonly needs: object | null }>> =
  {
    'payments/create': { code: 'charges_disabled', body: card, needs: null },
    'payments/cancel': { code: 'refunds_disabled', body: {}, needs: { payment_method: undefined } },
    'payments/capture': { code: 'charges_disabled', body: { amount: 10 }, needs: { capture_method: 'manual' } },
    'payments/refund': { code: 'refunds_disabled', body: { amount: 10 }, needs: {} },
    'payments/void': { code: 'refunds_disabled', body: {}, needs: { capture_method: 'manual' } },
  };
/** What sends no order: it asks what became of one that was committed while its tenant might. */
const asksOnly = ['payments/confirm'];
/** What sends nothing to anybody. */
const sendsNothing = ['payments/update'];

const reachesProcessors = (row: FunctionRow): boolean =>
  row.network === 'egress' &&
  row.keys.secrets?.includes('Decrypt') === true &&
  row.tables.some(({ table }) => table === 'providers');

describe('[KYC-1] live money', () => {
  it('is reached by these functions alone, and by these operations', () => {
    const reaching = Object.entries<FunctionRow>(functions).filter(([, row]) => reachesProcessors(row));
    expect(reaching.map(([name]) => name).sort()).toEqual(['money', 'reconciler']);
    const names = reaching.map(([name]) => name);
    const changing = operations.filter(({ method, function: fn }) => method !== 'GET' && names.includes(fn));
    expect(changing.map(({ id }) => id).sort()).toEqual([...Object.keys(gated), ...asksOnly, ...sendsNothing].sort());
  });

  it('moves for a tenant that is verified', async () => {
    const who = as(await tenants.verified());
    const { statusCode, json } = await charge(who);
    expect([statusCode, json.mode]).toEqual([201, 'live']);
    expect((await on(payments.refundPayment, who, json.id, { amount: 10 })).statusCode).toBe(201);
    expect(sent).toHaveLength(2);
  });

  it.each(Object.entries(gated))('is not moved by %s of a tenant that may not', async (id, { code, body, needs }) => {
    const who = as(await tenants.verified());
    const payment = needs && (await charge(who, needs)).json.id;
    const operation = operations.find((each) => each.id === id) as Operation;
    await tenants.asOperator(tenantOperations.suspendTenant, who.tenant, { reason: 'fraud', refunds: 'stop' });
    sent = [];
    const ask = () =>
      payment === null
        ? money(operation, { key: 'gate', authorizer: who, body })
        : money(operation, { key: 'gate', authorizer: who, params: { payment_id: payment }, body });
    const refused = await ask();
    expect([refused.statusCode, refused.json.code, sent]).toEqual([403, code, []]);
    await tenants.asOperator(tenantOperations.resumeTenant, who.tenant, {});
    expect((await ask()).statusCode).toBeLessThan(300);
  });

  it('is refunded for a tenant that is suspended with its refunds, or closed, and charged no more', async () => {
    const who = as(await tenants.verified());
    const { json } = await charge(who);
    await tenants.asOperator(tenantOperations.suspendTenant, who.tenant, { reason: 'disputes' });
    expect((await on(payments.refundPayment, who, json.id, { amount: 10 })).statusCode).toBe(201);
    await tenants.asOperator(tenantOperations.closeTenant, who.tenant, {});
    expect((await on(payments.refundPayment, who, json.id, { amount: 10 })).statusCode).toBe(201);
    expect((await charge(who)).json.code).toBe('charges_disabled');
  });

  it('of a tenant that was never verified is refused, and a repeat of what it did before is answered', async () => {
    const unverified = as(await tenants.created());
    expect((await charge(unverified)).json.code).toBe('charges_disabled');
    expect(sent).toEqual([]);
    const who = as(await tenants.verified());
    const request = { key: 'repeat', authorizer: who, body: card };
    const first = await money(payments.createPayment, request);
    await tenants.asOperator(tenantOperations.suspendTenant, who.tenant, { reason: 'fraud' });
    expect((await money(payments.createPayment, request)).body).toBe(first.body);
    expect(sent).toHaveLength(1);
  });

  it('is not moved without a connection: the test processor serves no live mode', async () => {
    const who = as(await tenants.verified());
    const refused = await charge(who, { connection: undefined });
    expect(refused.json.errors).toMatchObject([{ pointer: '/connection' }]);
  });

  it('is begun by no run of the reconciler', async () => {
    const who = as(await tenants.verified());
    await charge(who);
    await tenants.asOperator(tenantOperations.suspendTenant, who.tenant, { reason: 'fraud', refunds: 'stop' });
    sent = [];
    runtime.advance(3_600_000);
    await reconcile(ports, 'run', 50_000);
    expect(sent).toEqual([]);
  });
});

describe('[KYC-1] a suspension that meets intents', () => {
  it('lets none commit after its own commit, wherever it stood when it came', async () => {
    const { platform } = runtime;
    const who = await tenants.verified();
    const scope = { tenant: who.tenant, mode: 'live' } as const;
    const audit: AuditContext = systemContext('money', scope, 'race');
    let suspended = false;
    const outcomes: { readonly startedAfter: boolean; readonly kind: string; readonly id: string }[] = [];
    const intent = async (index: number) => {
      const id = `pay_us_${who.tenant.slice(-20)}${String(index).padStart(6, 'a')}`;
      const startedAfter = suspended;
      const next = { ...processing(), ...scope, id };
      const done = await commitChange(
        platform,
        paymentRow,
        null,
        { next, fact: 'payment.created' },
        audit,
        capabilityChecks(platform, scope, 'charges'),
      );
      outcomes.push({ startedAfter, kind: done.kind, id });
    };
    const suspension = tenants
      .asOperator(tenantOperations.suspendTenant, who.tenant, { reason: 'fraud' })
      .then((reply) => {
        suspended = reply.statusCode === 200;
      });
    for (let index = 0; index < 200; index += 1) {
      await intent(index);
      if (suspended && index > 100) break;
    }
    await suspension;
    await Promise.all(Array.from({ length: 20 }, (_, index) => intent(1000 + index)));
    expect(suspended).toBe(true);
    const after = outcomes.filter(({ startedAfter }) => startedAfter);
    expect(after.length).toBeGreaterThan(19);
    expect(after.filter(({ kind }) => kind === 'committed')).toEqual([]);
    for (const { kind, id } of outcomes) {
      expect((await loadItem(platform, 'payments', { pk: id, sk: 'payment' }, true)) !== undefined, id).toBe(
        kind === 'committed',
      );
    }
    expect(outcomes.some(({ kind }) => kind === 'committed')).toBe(true);
  });
});
