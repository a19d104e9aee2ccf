// Objects that need no processor are created once: the reply is committed with them, and a repeat only ever replays it.

import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Operation } from '../../../contract/capabilities.ts';
import { createKey, rotateKey } from '../../../contract/tenants/operations.ts';
import { routes } from '../../../lambdas/functions/tenants.ts';
import { serve } from '../../../lambdas/kernel/http/serve.ts';
import { idempotentCreate, replyContext } from '../../../lambdas/kernel/operation/create.ts';
import { derivedId } from '../../../lambdas/kernel/platform/ids.ts';
import type { AuditContext, Committed } from '../../../lambdas/kernel/store/commit.ts';
import { createKey as decide, type Key, unbounded } from '../../../lambdas/tenants/domain/key.ts';
import { type TenantPorts, tenantPorts } from '../../../lambdas/tenants/ports.ts';
import * as store from '../../../lambdas/tenants/store.ts';
import { sdkError } from '../../kit/aws/answered.ts';
import { type House, openHouse } from '../../kit/house.ts';
import { caller, type Reply, realMerchant, type Sent } from '../http/requests.ts';

let house: House;
let ports: TenantPorts;
let call: (operation: Operation, sent: Sent) => Promise<Reply>;
beforeAll(async () => {
  house = await openHouse();
  ports = tenantPorts(house.platform);
  call = caller(serve(ports, routes));
});
afterAll(() => house.stop());

const tenant = `ten_us_${'f'.repeat(26)}`;
const owner = { tenant, mode: 'test' } as const;
const act: AuditContext = {
  tenant,
  mode: 'test',
  actor: { kind: 'key', id: 'key_1' },
  onBehalfOf: null,
  requestId: 'req-once',
  address: null,
};
const sent = { name: 'shop' };
let made = 0;

/** A key as it was committed, with its first reply; and how the commit of a repeat ends. */
async function given(replied = true) {
  made += 1;
  const id = derivedId('key', 'us', ['once', made]);
  const origin = { id, tenant, mode: 'test', secretHmac: '1.x', bodyDigest: await ports.digests.of(sent) } as const;
  const decided = decide(origin, { name: 'shop', scopes: ['keys:read'] }, unbounded, house.platform.clock());
  if ('refused' in decided) throw new Error(decided.refused);
  const reply = replied ? await ports.keyring.seal('the first reply', replyContext(owner, id)) : null;
  const next: Key = { ...decided.next, reply };
  const commit = () => store.createKey(house.platform, next, null, act);
  const created = {
    type: store.keyRow,
    id,
    owner,
    first: 'the first reply, with its secret',
    find: () => store.load(house.platform, store.keyRow, id),
  };
  return { commit, created, id };
}

const untold: Committed<readonly unknown[]> = { kind: 'conflict', found: [undefined] };

describe('[PAY-1] a creation', () => {
  it('that was committed is answered with all that it made', async () => {
    const { commit, created } = await given();
    expect(await idempotentCreate(ports, await commit(), created, sent)).toEqual({
      body: 'the first reply, with its secret',
      outcome: 'committed',
    });
  });

  it.each(['told', 'untold', 'behind another row'])(
    'that was committed before is answered with the reply that was kept (what is there is %s)',
    async (how) => {
      const { commit, created } = await given();
      await commit();
      const again = await commit();
      if (again.kind !== 'conflict') throw new Error('it was written twice');
      const others = [{ pk: { S: 'another' } }, { pk: { S: 'a third' } }];
      const behind = { kind: 'conflict', found: [...others, ...again.found] } as const;
      const met = { told: again, untold, 'behind another row': behind }[how] ?? untold;
      expect(await idempotentCreate(ports, met, created, sent)).toEqual({
        body: 'the first reply',
        outcome: 'replayed',
      });
    },
  );

  it('that was told what is there reads nothing more', async () => {
    const { commit, created } = await given();
    await commit();
    const told = await commit();
    const send = () => Promise.reject(new Error('nothing more was to be read'));
    const platform = { ...ports.platform, dynamodb: { send } } as unknown as TenantPorts['platform'];
    const { outcome } = await idempotentCreate({ ...ports, platform }, told, created, sent);
    expect(outcome).toBe('replayed');
  });

  it('with another body is refused', async () => {
    const { commit, created } = await given();
    await commit();
    await expect(idempotentCreate(ports, await commit(), created, { name: 'other' })).rejects.toMatchObject({
      code: 'idempotency_mismatch',
    });
  });

  it('that met something of which nothing is found is refused for now', async () => {
    const { created } = await given();
    await expect(idempotentCreate(ports, untold, created, sent)).rejects.toMatchObject({
      code: 'unavailable',
      details: { retryAfterSeconds: 1 },
    });
  });

  it('without its reply is a defect', async () => {
    const { commit, created } = await given(false);
    await commit();
    await expect(idempotentCreate(ports, untold, created, sent)).rejects.toThrow(
      'an object was created without its reply',
    );
  });

  it('keeps its reply in a place of its own', () => {
    expect(replyContext({ tenant: 'ten_1', mode: 'test' }, 'key_1')).toEqual({
      tenant: 'ten_1',
      mode: 'test',
      purpose: 'reply',
      table: 'tenants',
      item: 'key_1',
      field: 'reply',
    });
  });
});

describe('[API-1] the making of a key', () => {
  const body = { name: 'shop', scopes: ['payments:read'] };

  it('shows its secret once, and keeps a reply without it', async () => {
    const authorizer = await realMerchant(call);
    const first = await call(createKey, { key: 'once-1', body, authorizer });
    expect(first.json.secret).toMatch(/^sk_test_us_/);
    const again = await call(createKey, { key: 'once-1', body, authorizer });
    expect(again.json).toEqual({ ...first.json, secret: null });
    expect(again.headers).toHaveProperty('Idempotent-Replayed', 'true');
    const stored = (await store.load(house.platform, store.keyRow, first.json.id))?.value;
    const kept =
      stored?.reply &&
      (await ports.keyring.open(
        stored.reply,
        replyContext({ tenant: authorizer.tenant, mode: 'test' }, first.json.id),
      ));
    expect(JSON.parse(kept ?? '')).toEqual({ ...first.json, secret: null });
    expect(stored).toMatchObject({ tenant: authorizer.tenant, mode: 'test', last_used_at: null });
  });

  it('whose repeat met something that it was not told of is found, and replayed', async () => {
    const authorizer = await realMerchant(call);
    const first = await call(createKey, { key: 'once-0', body, authorizer });
    const { platform } = house;
    const send = (command: PutItemCommand) =>
      command instanceof PutItemCommand && command.input.TableName === platform.config.table('tenants')
        ? Promise.reject(sdkError('TransactionConflictException', 'Transaction is ongoing.'))
        : platform.dynamodb.send(command);
    const meeting = { ...platform, dynamodb: { send } } as unknown as typeof platform;
    const again = await caller(serve(tenantPorts(meeting), routes))(createKey, { key: 'once-0', body, authorizer });
    expect(again.json).toEqual({ ...first.json, secret: null });
  });

  it('that is refused makes none', async () => {
    const authorizer = await realMerchant(call);
    const poor = { ...authorizer, scopes: 'keys:write' };
    const refused = await call(createKey, { key: 'once-2', body, authorizer: poor });
    expect([refused.statusCode, refused.json.code]).toEqual([403, 'scope_not_held']);
    const made = await call(createKey, { key: 'once-3', body, authorizer });
    const params = { key_id: made.json.id };
    const rotate = (key: string) => call(rotateKey, { key, params, body: {}, authorizer });
    expect((await rotate('once-4')).statusCode).toBe(201);
    expect((await rotate('once-5')).json.code).toBe('key_not_active');
  });
});
