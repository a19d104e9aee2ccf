// Velocity: a live payment is counted in the transaction that commits it, and one too many is not made.

import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createConnection } from '../../contract/connections/operations.ts';
import { velocityLimits as limits } from '../../contract/payments/limits.ts';
import { createPayment } from '../../contract/payments/operations.ts';
import { Refusal } from '../../lambdas/kernel/domain/refusal.ts';
import { commitChange, systemContext } from '../../lambdas/kernel/store/commit.ts';
import { networkOf } from '../../lambdas/payments/domain/velocity.ts';
import { paymentRow } from '../../lambdas/payments/store.ts';
import { velocityOf } from '../../lambdas/payments/velocity.ts';
import { adyenLimits } from '../../lambdas/processors/adyen/processor.ts';
import { loopbackTransport } from '../../lambdas/processors/https_exchange.ts';
import { AdyenStub, storedCard } from '../../processor/stand_ins/adyen_stub.ts';
import { bodies, openIngressFixture } from '../processor_events/ingress_fixture.ts';
import { tenantsOf } from '../tenants/business_fixture.ts';
import { processing } from './payment_states.ts';

let adyen: AdyenStub;
beforeAll(async () => {
  adyen = await new AdyenStub().start();
});
afterAll(() => adyen.server.stop());

async function open() {
  const fixture = openIngressFixture();
  const merchant = await tenantsOf(fixture.platform).verified();
  const live = { ...merchant, mode: 'live' };
  const { client_key: _, ...account } = bodies.adyen;
  const body = { ...account, live_prefix: '1797a841fbb37ca7-AdyenDemo' };
  const { json } = await fixture.connecting(createConnection, { key: 'connect', body, authorizer: live });
  const transport = loopbackTransport(`${adyen.server.url}/v71`, adyenLimits);
  const { pay } = fixture.moving({ stripe: transport, adyen: transport, adyenLive: () => transport });
  const card = {
    ...{ amount: 1000, currency: 'EUR', return_url: 'https://shop.example/done' },
    ...{ payment_method: storedCard('approved'), connection: json.id },
  };
  const charge = (key: string, more: object = {}) =>
    pay(createPayment, { key, body: { ...card, ...more }, authorizer: live });
  return { fixture, charge };
}

describe('[FRD-1] a live payment', () => {
  it('one too many of a card in an hour is not made, a repeat of an earlier one is answered, and the next hour is another', async () => {
    const { fixture, charge } = await open();
    const first = await charge('0');
    for (let each = 1; each < limits.payment_method; each += 1) expect((await charge(`${each}`)).statusCode).toBe(201);
    const asked = adyen.server.calls.length;
    const refused = await charge('refused');
    expect(refused).toMatchObject({ statusCode: 429, json: { code: 'velocity_exceeded' } });
    expect(Number(refused.headers?.['Retry-After'])).toBeGreaterThan(0);
    expect(adyen.server.calls).toHaveLength(asked);
    expect((await charge('0')).body).toBe(first.body);
    expect((await charge('other', { payment_method: storedCard('other') })).statusCode).toBe(201);
    fixture.advance(limits.windowMs);
    // What was refused was not made: its key is free.
    expect((await charge('refused')).statusCode).toBe(201);
  });

  it('of one address counts whatever card pays, and the address lies nowhere', async () => {
    const { fixture, charge } = await open();
    const pay = (each: number, payer_address: string) =>
      charge(`${payer_address} ${each}`, { payment_method: storedCard(`c${each}`), payer_address });
    for (let each = 0; each < limits.payer_address; each += 1)
      expect((await pay(each, `2001:db8:1:2::${each.toString(16)}`)).statusCode).toBe(201);
    expect((await pay(99, '2001:db8:1:2:ffff::1')).json.code).toBe('velocity_exceeded');
    expect((await pay(99, '2001:db8:1:3::1')).statusCode).toBe(201);
    expect(JSON.stringify([...fixture.aws.database.items('velocity')])).not.toMatch(/2001|db8/);
    expect(JSON.stringify([...fixture.aws.database.items('payments')])).not.toMatch(/2001:db8/);
  });
});

describe('[FRD-1] counting', () => {
  const start = Date.UTC(2027, 0, 1, 10, 30);
  const digests = { of: async (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex') };
  const live = { tenant: 'ten_us_a', mode: 'live' } as const;

  it('counts nothing in test mode', async () => {
    const { platform } = openIngressFixture();
    const velocity = await velocityOf(
      { platform, digests },
      { tenant: 'ten_us_a', mode: 'test' },
      { customer: 'cus_1' },
    );
    expect(velocity.guards()).toEqual([]);
  });

  it('counts a tenant over many counters, passes over full ones, and at last refuses', async () => {
    const { platform } = openIngressFixture();
    const velocity = await velocityOf({ platform: { ...platform, clock: () => start }, digests }, live, {});
    const names = new Set<string>();
    for (let each = 0; each < limits.tenantShardsTried; each += 1) {
      const [guard] = velocity.guards();
      if (guard === undefined) throw new Error('nothing is counted');
      names.add(guard.key.pk);
      if (each < limits.tenantShardsTried - 1) expect(velocity.mayTryAnother(guard)).toBe(true);
      else
        expect(() => velocity.mayTryAnother(guard)).toThrow(
          new Refusal('velocity_exceeded', { retryAfterSeconds: 1800 }),
        );
    }
    expect(names.size).toBe(limits.tenantShardsTried);
  });

  it('counts no payment that was not committed, and never more than there is room for, whoever commits at once', async () => {
    const { platform, aws } = openIngressFixture();
    const own = { ...platform, clock: () => start };
    const subjects = { payment_method: 'pm_1' };
    const one = async (id: string) => {
      const velocity = await velocityOf({ platform: own, digests }, live, subjects);
      const change = { next: { ...processing(), id, mode: 'live' as const }, fact: 'payment.created' as const };
      return commitChange(own, paymentRow, null, change, systemContext('money', live, 'req'), velocity.guards());
    };
    const ids = Array.from(
      { length: limits.payment_method + 5 },
      (_, each) => `pay_us_${String.fromCharCode(97 + each).repeat(26)}`,
    );
    const done = await Promise.all([...ids, ...ids].map(one));
    const made = done.filter(({ kind }) => kind === 'committed');
    expect(made.length).toBeLessThanOrEqual(limits.payment_method);
    const counters = [...aws.database.items('velocity')].filter(({ pk }) => pk?.S?.includes('payment_method'));
    expect(counters.map(({ count }) => Number(count?.N))).toEqual([made.length]);
    expect(Number(counters[0]?.expires_at_s?.N)).toBe(
      Math.ceil((start - (start % limits.windowMs) + limits.windowMs) / 1000),
    );
  });
});

describe('[FRD-1] an address', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:c000:0207', '192.0.2.7'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['2001:0DB8:0000:0000:1::', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['fe80::1:2:3:4:5', 'fe80:0:0:1'],
  ])('%s counts as %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  it('counts as one however it is written, and another /64 as another', () => {
    const group = fc.integer({ min: 0, max: 0xffff });
    fc.assert(
      fc.property(fc.tuple(group, group, group, group), fc.tuple(group, group, group, group), (high, low) => {
        const plain = [...high, ...low].map((each) => each.toString(16).padStart(4, '0')).join(':');
        const short = new URL(`http://[${plain}]/`).hostname.slice(1, -1);
        expect(networkOf(plain)).toBe(networkOf(short));
        fc.pre(high.some((each) => each > 0));
        expect(networkOf(plain)).toBe(high.map((each) => each.toString(16)).join(':'));
      }),
    );
  });
});
