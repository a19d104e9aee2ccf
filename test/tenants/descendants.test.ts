// A stolen key outlives its revocation in nothing that it made: a key names its maker, and revoking one may take along every key
// that exists because of it.

import { PutItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Operation } from '../../contract/capabilities.ts';
import { keyLimits } from '../../contract/tenants/limits.ts';
import { createKey, createTenantKey, listKeys, revokeKey, rotateKey } from '../../contract/tenants/operations.ts';
import type { Platform } from '../../lambdas/kernel/platform/platform.ts';
import { load } from '../../lambdas/kernel/store/load.ts';
import { keyRow } from '../../lambdas/tenants/store.ts';
import { recorded } from '../../proof/privileges/recorder.ts';
import { apiHandler, everyPort } from '../kit/api_functions.ts';
import { caller, operator, type Reply, realMerchant, type Sent } from '../kit/requests.ts';
import { openRuntime } from '../kit/runtime/open.ts';
import type { RuntimeFixture } from '../kit/runtime/runtime_fixture.ts';

type Call = (operation: Operation, sent: Sent) => Promise<Reply>;

let runtime: RuntimeFixture;
let call: Call;
let owner: Awaited<ReturnType<typeof realMerchant>>;
const callOn = (platform: Platform): Call => caller(apiHandler((name) => everyPort(recorded(platform, name))));

beforeAll(async () => {
  runtime = await openRuntime();
  call = callOn(runtime.platform);
  owner = await realMerchant(call);
});
afterAll(() => runtime.stop());

let asked = 0;
const body = { name: 'a key', scopes: ['keys:read', 'keys:write'] };
/** As the pipeline has it of a key's request: the authorizer let it through. */
const as = (id: string) => ({ ...owner, actor_id: id });
const made = async (by: string, on: Call = call): Promise<Reply> => {
  asked += 1;
  return on(createKey, { key: `made-${asked}`, body, authorizer: as(by) });
};
const idMade = async (by: string): Promise<string> => (await made(by)).json.id;
const rotated = async (id: string, by: string): Promise<string> => {
  asked += 1;
  const sent = { key: `rotated-${asked}`, params: { key_id: id }, body: {}, authorizer: as(by) };
  return (await call(rotateKey, sent)).json.id;
};
const revoked = (id: string, descendants?: string, on: Call = call): Promise<Reply> =>
  on(revokeKey, {
    params: { key_id: id },
    ...(descendants && { query: { descendants } }),
    authorizer: as(owner.actor_id),
  });
const rowOf = async (id: string) => (await load(runtime.platform, keyRow, { id }))?.value;
const statusOf = async (ids: readonly string[]) => Promise.all(ids.map(async (id) => (await rowOf(id))?.status));

/** The platform, where something happens first, once, before a write that `isIt`. */
function ahead(isIt: (command: object) => boolean, happens: () => Promise<unknown>): Platform {
  let left = 1;
  const { dynamodb } = runtime.platform;
  const send = async (command: Parameters<typeof dynamodb.send>[0]) => {
    if (left > 0 && isIt(command)) {
      left -= 1;
      await happens();
    }
    return dynamodb.send(command);
  };
  return { ...runtime.platform, dynamodb: { send } } as unknown as Platform;
}

const putsKey = (id: string) => (command: object) =>
  command instanceof PutItemCommand && command.input.Item?.pk?.S === id;
const makesKey = (command: object) => command instanceof TransactWriteItemsCommand;

describe('[API-1] a key', () => {
  it('names its maker: a key, or an operator', async () => {
    const stolen = await made(owner.actor_id);
    expect(stolen.json.created_by).toBe(owner.actor_id);
    const params = { tenant_id: owner.tenant };
    const byOperator = await call(createTenantKey, { key: 'by-operator', params, body, authorizer: operator });
    expect(byOperator.json.created_by).toBe(operator.actor_id);
    const successor = await rowOf(await rotated(stolen.json.id, stolen.json.id));
    expect(successor).toMatchObject({ created_by: stolen.json.id, rotated_from: stolen.json.id });
  });

  it('is listed with the others that its maker made, page by page, and with no other', async () => {
    const maker = await idMade(owner.actor_id);
    const [first, second] = [await idMade(maker), await idMade(maker)];
    await idMade(first);
    const third = await rotated(first, maker);
    const fourth = await rotated(maker, maker);
    const of = (query: Record<string, string>) => call(listKeys, { query, authorizer: owner });
    const all = await of({ created_by: maker });
    expect(all.json.data.map(({ id }: { id: string }) => id).sort()).toEqual([first, second, third, fourth].sort());
    const page = await of({ created_by: maker, limit: '3' });
    const rest = await of({ created_by: maker, limit: '3', cursor: page.json.next_cursor });
    expect([...page.json.data, ...rest.json.data]).toEqual(all.json.data);
    expect((await of({ created_by: first, cursor: page.json.next_cursor })).json.code).toBe('cursor_invalid');
  });

  it('that is nobody’s, or another tenant’s, made none that are shown', async () => {
    const query = { created_by: owner.actor_id };
    const other = { ...owner, tenant: `ten_us_${'b'.repeat(26)}` };
    expect((await call(listKeys, { query, authorizer: other })).json.code).toBe('key_not_found');
    const unknown = { created_by: `key_us_${'q'.repeat(26)}` };
    expect((await call(listKeys, { query: unknown, authorizer: owner })).json.code).toBe('key_not_found');
    expect((await call(listKeys, { query: { created_by: 'me' }, authorizer: owner })).json.code).toBe(
      'request_invalid',
    );
  });
});

describe('[API-1] revoking a key', () => {
  /** A maker with a child, a grandchild, and successors that it and somebody else asked for. */
  async function family() {
    const stolen = await idMade(owner.actor_id);
    const child = await idMade(stolen);
    const grandchild = await idMade(child);
    const successor = await rotated(stolen, owner.actor_id);
    const ofSuccessor = await idMade(successor);
    const ofElse = await idMade(owner.actor_id);
    const successorOfElse = await rotated(ofElse, child);
    return { stolen, ofElse, descendants: [child, grandchild, successor, ofSuccessor, successorOfElse] };
  }

  it('alone leaves what it made', async () => {
    const { stolen, descendants } = await family();
    expect((await revoked(stolen)).json).toMatchObject({ status: 'revoked', descendants: null });
    expect(await statusOf(descendants)).toEqual(descendants.map(() => 'active'));
    expect((await revoked(stolen, 'all')).json.code).toBe('request_invalid');
  });

  it('takes all along that exist because of it, each with a fact of its own, and no other', async () => {
    const { stolen, ofElse, descendants } = await family();
    const reply = await revoked(stolen, 'revoke');
    expect(reply.json).toMatchObject({ id: stolen, status: 'revoked', descendants: { revoked: 5, has_more: false } });
    const rows = await Promise.all([stolen, ...descendants].map((id) => load(runtime.platform, keyRow, { id })));
    expect(rows.map((row) => [row?.value.status, row?.fact?.type, row?.fact?.aggregate_id])).toEqual(
      [stolen, ...descendants].map((id) => ['revoked', 'key.revoked', id]),
    );
    expect(await statusOf([ofElse, owner.actor_id])).toEqual(['active', 'active']);
  });

  it('again changes nothing, and finishes what was revoked alone, or half', async () => {
    const { stolen, descendants } = await family();
    await revoked(stolen);
    await revoked(descendants[0] ?? '');
    expect((await revoked(stolen, 'revoke')).json.descendants).toEqual({ revoked: 4, has_more: false });
    const versions = () =>
      Promise.all(descendants.map(async (id) => (await load(runtime.platform, keyRow, { id }))?.version));
    const once = await versions();
    expect((await revoked(stolen, 'revoke')).json.descendants).toEqual({ revoked: 0, has_more: false });
    expect(await versions()).toEqual(once);
  });

  it('is finished by a repeat after it died on the way', async () => {
    const { stolen, descendants } = await family();
    const dying = ahead(putsKey(descendants[2] ?? ''), () => Promise.reject(new Error('the process died')));
    expect((await revoked(stolen, 'revoke', callOn(dying))).statusCode).toBe(500);
    expect(await statusOf([stolen])).toEqual(['revoked']);
    expect(await statusOf(descendants)).toContain('active');
    expect((await revoked(stolen, 'revoke')).json.descendants.has_more).toBe(false);
    expect(await statusOf(descendants)).toEqual(descendants.map(() => 'revoked'));
  });

  it('ends after so many, says so, and goes on in a repeat', { timeout: 60_000 }, async () => {
    const stolen = await idMade(owner.actor_id);
    for (let count = 0; count < keyLimits.keysMade; count += 1) await made(stolen);
    expect((await made(stolen)).json.code).toBe('key_makes_no_more');
    const [child = ''] = (await rowOf(stolen))?.made ?? [];
    await idMade(child);
    const now = runtime.platform.clock();
    // Time that stands still: how many end a request is counted here, not how long they take.
    const still = callOn({ ...runtime.platform, clock: () => now });
    const first = await revoked(stolen, 'revoke', still);
    expect(first.json.descendants).toEqual({ revoked: keyLimits.descendantsRevoked, has_more: true });
    const second = await revoked(stolen, 'revoke', still);
    expect(second.json.descendants).toEqual({ revoked: 1, has_more: false });
  });

  it('ends when its time is over, says so, and goes on in a repeat', async () => {
    const { stolen, descendants } = await family();
    let now = runtime.platform.clock();
    const hasty = ahead(putsKey(descendants[0] ?? ''), async () => {
      now += keyLimits.descendantsMs;
    });
    const first = await revoked(stolen, 'revoke', callOn({ ...hasty, clock: () => now }));
    expect(first.json.descendants).toMatchObject({ has_more: true });
    expect(first.json.descendants.revoked).toBeLessThan(descendants.length);
    expect((await revoked(stolen, 'revoke')).json.descendants.has_more).toBe(false);
    expect(await statusOf(descendants)).toEqual(descendants.map(() => 'revoked'));
  });
});

describe('[API-1] a key that is being made while its maker is revoked', () => {
  it('is not made where the revocation comes first', async () => {
    const stolen = await idMade(owner.actor_id);
    const late = ahead(makesKey, () => revoked(stolen, 'revoke'));
    expect((await made(stolen, callOn(late))).json.code).toBe('key_revoked');
    expect((await rowOf(stolen))?.made).toEqual([]);
  });

  it('is revoked with it where it comes first', async () => {
    const stolen = await idMade(owner.actor_id);
    let child = '';
    const slow = ahead(putsKey(stolen), async () => {
      child = await idMade(stolen);
    });
    expect((await revoked(stolen, 'revoke', callOn(slow))).json.descendants.revoked).toBe(1);
    expect(await statusOf([stolen, child])).toEqual(['revoked', 'revoked']);
  });

  it('is not made by a rotation of another key either', async () => {
    const [stolen, other] = [await idMade(owner.actor_id), await idMade(owner.actor_id)];
    const late = ahead(makesKey, () => revoked(stolen, 'revoke'));
    const sent = { key: 'late', params: { key_id: other }, body: {}, authorizer: as(stolen) };
    expect((await callOn(late)(rotateKey, sent)).json.code).toBe('key_revoked');
    expect(await rowOf(other)).toMatchObject({ rotated_to: null, expires_at: null });
  });

  it('never survives, whoever is faster, many at once', async () => {
    const stolen = await idMade(owner.actor_id);
    const making = Array.from({ length: 8 }, () => made(stolen));
    const reply = await revoked(stolen, 'revoke');
    const replies = await Promise.all(making);
    const ids = replies.filter(({ statusCode }) => statusCode === 201).map(({ json }) => json.id as string);
    expect(reply.json.descendants).toEqual({ revoked: ids.length, has_more: false });
    expect((await rowOf(stolen))?.made.toSorted()).toEqual(ids.toSorted());
    expect(await statusOf(ids)).toEqual(ids.map(() => 'revoked'));
  });
});
