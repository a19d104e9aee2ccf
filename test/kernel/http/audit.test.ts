// Whatever happens leaves an entry: facts through the relay, exactly once; reads, repeats and refusals beside or before
// their reply; unknown credentials as a count.

import { ScanCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAuditEntries } from '../../../contract/audit/operations.ts';
import type { Operation } from '../../../contract/capabilities.ts';
import { listEvents } from '../../../contract/events/operations.ts';
import { createPayment, getPayment, refundPayment } from '../../../contract/payments/operations.ts';
import { createTenant, revokeKey } from '../../../contract/tenants/operations.ts';
import { routes as moneyRoutes } from '../../../lambdas/functions/money.ts';
import { routes as readRoutes } from '../../../lambdas/functions/payments_read.ts';
import { routes as tenantRoutes } from '../../../lambdas/functions/tenants.ts';
import { writeRefusalEntry } from '../../../lambdas/kernel/http/audit.ts';
import { serve } from '../../../lambdas/kernel/http/serve.ts';
import { portsOf } from '../../../lambdas/kernel/operation/ports.ts';
import { derivedId } from '../../../lambdas/kernel/platform/ids.ts';
import { moneyPorts } from '../../../lambdas/payments/ports.ts';
import { relay } from '../../../lambdas/relay/relay.ts';
import { recorded } from '../../../proof/privileges/recorder.ts';
import { apiHandler, everyPort, readingFunctions, routesOf } from '../../kit/api_functions.ts';
import { caller, merchant, operator, other, type Reply, realMerchant, type Sent } from '../../kit/requests.ts';
import { openRuntime } from '../../kit/runtime/open.ts';
import type { RuntimeFixture } from '../../kit/runtime/runtime_fixture.ts';

let runtime: RuntimeFixture;
let call: Record<'money' | 'read' | 'tenants', (operation: Operation, sent: Sent) => Promise<Reply>>;
let keys = 0;
const newKey = (): string => {
  keys += 1;
  return `audit-${keys}`;
};

beforeAll(async () => {
  runtime = await openRuntime();
  const money = moneyPorts(runtime.platform);
  call = {
    money: caller(serve(money, moneyRoutes)),
    read: caller(apiHandler((name) => everyPort(recorded(runtime.platform, name)))),
    tenants: caller(serve(portsOf(runtime.platform), tenantRoutes)),
  };
});
afterAll(() => runtime.stop());

const visa = { amount: 1000, currency: 'EUR', payment_method: 'pm_test_visa' };

interface Entry {
  readonly id: string;
  readonly action: string;
  readonly outcome: string;
  readonly code: string | null;
  readonly target: string | null;
  readonly address: string | null;
}

/** An owner's entries as the table holds them: reading them by the API leaves one more, which a test must not count. */
const entriesOf = async (owner: string): Promise<Entry[]> => {
  const { Items = [] } = await runtime.platform.dynamodb.send(new ScanCommand({ TableName: 'audit' }));
  return Items.filter((item) => item.owner?.S === owner).map((item) => ({
    id: item.id?.S ?? '',
    action: item.action?.S ?? '',
    outcome: item.outcome?.S ?? '',
    code: item.code?.S ?? null,
    target: item.target?.S ?? null,
    address: item.address?.B === undefined ? null : 'sealed',
  }));
};
let tenants = 0;
const fresh = () => {
  tenants += 1;
  const tenant = derivedId('tenant', 'us', ['audit', tenants]);
  return { authorizer: { ...merchant, tenant }, owner: `${tenant}#test` };
};

/** The stream of a table as Lambda hands it over: binary values as text. */
async function relayAll(times = 1): Promise<void> {
  const handler = relay(runtime.platform);
  for (let round = 0; round < times; round += 1) {
    for (const table of ['tenants', 'payments'] as const) {
      const records = await runtime.records(table);
      await handler({ Records: JSON.parse(JSON.stringify(records, asLambda)) } as DynamoDBStreamEvent);
    }
  }
}
const asLambda = (_: string, value: unknown): unknown => {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  const buffer = value as { type?: unknown; data?: unknown } | null;
  return buffer?.type === 'Buffer' ? Buffer.from(buffer.data as number[]).toString('base64') : value;
};

describe('[AUD-1] every committed fact has exactly one entry and one event', () => {
  it('however often the relay repeats', async () => {
    const { authorizer, owner } = fresh();
    const key = newKey();
    const { json } = await call.money(createPayment, { key, body: visa, authorizer });
    const params = { payment_id: json.id };
    await call.money(refundPayment, { key: newKey(), body: { amount: 1 }, params, authorizer });
    await relayAll(3);
    const entries = await entriesOf(owner);
    const facts = ['payment.created', 'payment.captured', 'refund.created', 'refund.succeeded'];
    expect(entries.map(({ action }) => action).sort()).toEqual([...facts].sort());
    expect(new Set(entries.map(({ outcome }) => outcome))).toEqual(new Set(['committed']));
    expect(new Set(entries.map(({ address }) => address))).toEqual(new Set(['sealed']));
    const { json: events } = await call.read(listEvents, { authorizer });
    expect(events.data.map(({ type }: { type: string }) => type).reverse()).toEqual(facts);
    expect(runtime.published.filter(({ Detail }) => Detail?.includes(json.id)).length).toBeGreaterThanOrEqual(4);
    expect(JSON.stringify(runtime.published)).not.toContain('pm_test_visa');
  });
});

describe('[AUD-1] what commits nothing has its entry before its reply', () => {
  it('a read, with its target', async () => {
    const { authorizer, owner } = fresh();
    const { json } = await call.money(createPayment, { key: newKey(), body: visa, authorizer });
    await call.read(getPayment, { params: { payment_id: json.id }, authorizer });
    expect(await entriesOf(owner)).toMatchObject([
      { action: 'payments/get', outcome: 'requested', target: json.id, code: null, address: 'sealed' },
    ]);
  });

  it('a repeat', async () => {
    const { authorizer, owner } = fresh();
    const sent = { key: newKey(), body: visa, authorizer };
    const { json } = await call.money(createPayment, sent);
    await call.money(createPayment, sent);
    expect(await entriesOf(owner)).toMatchObject([{ action: 'payments/create', outcome: 'replayed', target: json.id }]);
  });

  it('what was so already', async () => {
    const real = await realMerchant(call.tenants);
    const sent = { params: { key_id: real.actor_id }, authorizer: real };
    const once = await call.tenants(revokeKey, sent);
    expect((await call.tenants(revokeKey, sent)).body).toBe(once.body);
    expect(await entriesOf(`${real.tenant}#test`)).toMatchObject([
      { action: 'keys/revoke', outcome: 'unchanged', target: real.actor_id, code: null },
    ]);
  });

  it('a failure of ours, as a failure', async () => {
    const { authorizer, owner } = fresh();
    const { json } = await call.money(createPayment, { key: newKey(), body: visa, authorizer });
    const identity = {
      actor: { kind: 'key', id: 'key_1' },
      onBehalfOf: null,
      tenant: authorizer.tenant,
      mode: 'test',
      scopes: [],
    } as const;
    const request = { requestId: newKey(), identity, sourceAddress: '203.0.113.9', target: json.id };
    const ports = moneyPorts(runtime.platform);
    for (const code of ['internal_error', 'unavailable', 'payment_not_found'] as const)
      await writeRefusalEntry(ports, getPayment, { ...request, requestId: newKey() }, code);
    const entries = await entriesOf(owner);
    expect(Object.fromEntries(entries.map(({ code, outcome }) => [code, outcome]))).toEqual({
      internal_error: 'failed',
      unavailable: 'failed',
      payment_not_found: 'refused',
    });
  });

  it('a refusal of every kind, with its code', async () => {
    const { authorizer, owner } = fresh();
    const revoked = { ...authorizer, verdict: 'key_revoked' };
    const unscoped = { ...authorizer, scopes: '' };
    const card = { ...visa, description: '4242424242424242' };
    const nobody = { key_id: `key_us_${'a'.repeat(26)}` };
    const refused: ['money' | 'tenants', Operation, Sent, string][] = [
      ['money', createPayment, { body: visa, authorizer }, 'idempotency_required'],
      ['money', createPayment, { key: newKey(), body: '{', authorizer }, 'json_malformed'],
      ['money', createPayment, { key: newKey(), body: visa, authorizer: unscoped }, 'scope_missing'],
      ['money', createPayment, { key: newKey(), body: visa, authorizer: revoked }, 'key_revoked'],
      ['money', createPayment, { key: newKey(), body: card, authorizer }, 'card_data_not_accepted'],
      ['tenants', createTenant, { key: newKey(), body: {}, authorizer }, 'actor_not_allowed'],
      ['tenants', revokeKey, { params: nobody, authorizer }, 'key_not_found'],
    ];
    for (const [server, operation, sent, code] of refused) {
      expect((await call[server](operation, { ...sent, requestId: newKey() })).json.code).toBe(code);
    }
    const entries = await entriesOf(owner);
    expect(entries.map(({ code }) => code).sort()).toEqual(refused.map(([, , , code]) => code).sort());
    expect(new Set(entries.map(({ outcome }) => outcome))).toEqual(new Set(['refused']));
    expect(JSON.stringify(entries)).not.toContain('4242');
  });

  it.each(readingFunctions)(
    '[ENC-2] a refusal by %s, though it is the first request of the tenant’s day',
    async (name) => {
      const { authorizer, owner } = fresh();
      const [list] = routesOf[name]
        .map(({ operation }) => operation)
        .filter(({ path, actors }) => !path.includes('{') && actors.includes('key'));
      if (list === undefined) throw new Error('it lists nothing');
      const refused = await call.read(list, { query: { limit: '0' }, authorizer, requestId: newKey() });
      expect(refused.json.code).toBe('request_invalid');
      expect(await entriesOf(owner)).toMatchObject([
        { outcome: 'refused', code: 'request_invalid', address: 'sealed' },
      ]);
    },
  );

  it('and is not answered where the entry cannot be written', async () => {
    const { authorizer } = fresh();
    const { json } = await call.money(createPayment, { key: newKey(), body: visa, authorizer });
    const { config } = runtime.platform;
    const broken = {
      ...runtime.platform,
      config: Object.create(config, { table: { value: (name: string) => (name === 'audit' ? 'gone' : name) } }),
    };
    const ports = moneyPorts(broken as typeof runtime.platform);
    const read = await caller(serve(ports, readRoutes))(getPayment, { params: { payment_id: json.id }, authorizer });
    expect(read.statusCode).toBeGreaterThanOrEqual(500);
    expect(read.body).not.toContain(json.id);
    const refusal = await caller(serve(ports, moneyRoutes))(createPayment, { body: visa, authorizer });
    expect([refusal.statusCode, refusal.json.code]).toEqual([503, 'unavailable']);
  });

  it.each(['key', 'operator'])(
    'a credential of elsewhere is nobody’s (%s), and leaves no entry of its own',
    async (actor_kind) => {
      const before = await entriesOf('platform');
      const authorizer = { ...merchant, actor_kind, tenant: '', mode: '', scopes: '', verdict: 'wrong_environment' };
      await call.money(createPayment, { key: newKey(), body: visa, authorizer });
      expect(await entriesOf('platform')).toEqual(before);
    },
  );
});

describe('[AUD-3] the tenant searches its own entries', () => {
  it('newest first, by actor, action, target and time, in pages, with the address opened', async () => {
    const { authorizer, owner } = fresh();
    const { json } = await call.money(createPayment, { key: newKey(), body: visa, authorizer });
    const params = { payment_id: json.id };
    // Requests of their own: two entries of one request, action and millisecond are one.
    for (let count = 0; count < 5; count += 1) await call.read(getPayment, { params, authorizer, requestId: newKey() });
    await relayAll();
    const list = async (query: Record<string, string>) =>
      (await call.read(listAuditEntries, { query, authorizer })).json;
    const all = await list({ limit: '100' });
    const times = all.data.map(({ occurred_at }: { occurred_at: string }) => occurred_at);
    expect(times).toEqual([...times].sort().reverse());
    expect(all.data.every(({ address }: Entry) => address === '203.0.113.9')).toBe(true);
    expect(JSON.stringify(all)).not.toContain(owner);

    expect((await list({ action: 'payments/get' })).data).toHaveLength(5);
    expect((await list({ target: json.id, action: 'payment.created' })).data).toHaveLength(1);
    expect((await list({ actor: 'key_us_nobody' })).data).toEqual([]);
    expect((await list({ to: '2020-01-01T00:00:00Z' })).data).toEqual([]);
    const [newest] = all.data;
    expect((await list({ from: newest.occurred_at, action: newest.action })).data).toContainEqual(newest);

    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await list({ action: 'payments/get', limit: '2', ...(cursor && { cursor }) });
      seen.push(...page.data.map(({ id }: Entry) => id));
      cursor = page.next_cursor;
    } while (cursor !== null && seen.length < 20);
    expect(new Set(seen).size).toBe(5);
    expect(seen).toHaveLength(5);

    const elsewhere = await call.read(listAuditEntries, {
      query: { cursor: (await list({ limit: '1' })).next_cursor },
      authorizer: other,
    });
    expect(elsewhere.json.code).toBe('cursor_invalid');
    expect(
      (await call.read(listAuditEntries, { authorizer: other })).json.data.some(
        ({ target }: Entry) => target === json.id,
      ),
    ).toBe(false);
  });

  it('operators read the platform’s', async () => {
    await call.read(listAuditEntries, { authorizer: operator });
    const { json } = await call.read(listAuditEntries, { authorizer: operator });
    expect(json.data[0]).toMatchObject({ action: 'audit_entries/list', actor: { kind: 'operator' } });
  });
});
