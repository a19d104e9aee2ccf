// Objects that need no processor are created once: the reply is committed with them, and a repeat only ever replays it.

import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Operation } from '../../../contract/capabilities.ts';
import { commitLimits } from '../../../contract/kernel/limits.ts';
import { createKey, rotateKey } from '../../../contract/tenants/operations.ts';
import { routes } from '../../../lambdas/functions/tenants.ts';
import { serve } from '../../../lambdas/kernel/http/serve.ts';
import type { Call } from '../../../lambdas/kernel/operation/call.ts';
import { type Creation, create, replyContext } from '../../../lambdas/kernel/operation/create.ts';
import { type Ports, portsOf } from '../../../lambdas/kernel/operation/ports.ts';
import { derivedId } from '../../../lambdas/kernel/platform/ids.ts';
import { type AuditContext, commitChange } from '../../../lambdas/kernel/store/commit.ts';
import { load } from '../../../lambdas/kernel/store/load.ts';
import { createKey as decide, type Key, unbounded } from '../../../lambdas/tenants/domain/key.ts';
import { keyRow } from '../../../lambdas/tenants/store.ts';
import { sdkError } from '../../kit/aws/answered.ts';
import { caller, merchant, type Reply, realMerchant, type Sent } from '../../kit/requests.ts';
import { openRuntime } from '../../kit/runtime/open.ts';
import type { RuntimeFixture } from '../../kit/runtime/runtime_fixture.ts';

let runtime: RuntimeFixture;
let ports: Ports;
let call: (operation: Operation, sent: Sent) => Promise<Reply>;
beforeAll(async () => {
  runtime = await openRuntime();
  ports = portsOf(runtime.platform);
  call = caller(serve(ports, routes));
});
afterAll(() => runtime.stop());

const tenant = `ten_us_${'f'.repeat(26)}`;
const scope = { tenant, mode: 'test' } as const;
const audit: AuditContext = {
  ...scope,
  actor: { kind: 'key', id: 'key_1' },
  onBehalfOf: null,
  requestId: 'req-once',
  address: null,
};
const body = { name: 'shop', kind: 'secret' as const, scopes: ['payments:read' as const] };
let made = 0;

/** A call that creates a key, to be made as often as one likes. */
function given(sent: unknown = body) {
  made += 1;
  const id = derivedId('key', 'us', ['once', made]);
  const from = { requestId: 'req-once', sourceAddress: '192.0.2.1', baseUrl: 'https://api.us.example.com/v1' };
  const parsed = { ...from, clientSecret: undefined, params: {}, query: undefined, objectId: id };
  const identity = { actor: audit.actor, onBehalfOf: null, ...scope, scopes: [] };
  const asked: Call<typeof createKey> = { ...parsed, identity, body, sent, scope, auditContext: async () => audit };
  return { id, call: asked };
}

/** What it comes to, with a secret that tells one try from another. */
const createOnce = (
  { call }: ReturnType<typeof given>,
  {
    on = ports,
    secret = 'the secret',
    alongside = [],
    sent = call.sent,
  }: {
    on?: Ports;
    secret?: string;
    alongside?: Creation<Key>['alongside'];
    sent?: unknown;
  } = {},
) =>
  create(createKey, keyRow, { ...call, sent }, on, (origin, nowMs) => {
    const decided = decide({ ...origin, secretHmac: '1.x', createdBy: merchant.actor_id }, body, unbounded, nowMs);
    if ('refused' in decided) throw new Error(decided.refused);
    return { ...decided, fact: null, alongside: alongside ?? [], shownOnce: { secret } };
  });

const bodyOf = async (answer: ReturnType<typeof createOnce>) => JSON.parse((await answer).body);

/** The same platform, with DynamoDB behind `send`. */
const reaching = (send: (command: unknown) => Promise<unknown>): Ports => ({
  ...ports,
  platform: { ...ports.platform, sleep: async () => {}, dynamodb: { send } as unknown as DynamoDBClient },
});

const passOn = (command: unknown): Promise<unknown> =>
  runtime.platform.dynamodb.send(command as Parameters<DynamoDBClient['send']>[0]);

describe('[PAY-1] a creation', () => {
  it('that was committed is answered with all that it made', async () => {
    const asked = given();
    expect(await createOnce(asked)).toMatchObject({ outcome: 'committed' });
    expect(await bodyOf(createOnce(given()))).toMatchObject({ object: 'key', secret: 'the secret' });
  });

  it('that was committed before is answered with the reply that was stored, without its secret', async () => {
    const asked = given();
    const first = await bodyOf(createOnce(asked));
    const again = await createOnce(asked, { secret: 'another secret' });
    expect(again.outcome).toBe('replayed');
    expect(JSON.parse(again.body)).toEqual({ ...first, secret: null });
  });

  it('that meets itself behind another row, of which DynamoDB says nothing, is read and replayed', async () => {
    const [asked, other] = [given(), given()];
    const first = await bodyOf(createOnce(asked));
    const row = (id: string) => ({ ...stored, id });
    const stored = (await load(runtime.platform, keyRow, { id: asked.id }))?.value as Key;
    const alongside = [{ type: keyRow, before: null, next: row(other.id) }];
    expect(await bodyOf(createOnce(asked, { alongside }))).toEqual({ ...first, secret: null });
    // Neither row is there without the other.
    expect(await load(runtime.platform, keyRow, { id: other.id })).toBeUndefined();
    const silent = reaching(async (command) => {
      if (command instanceof PutItemCommand) {
        throw new ConditionalCheckFailedException({ message: 'it says nothing', $metadata: {} });
      }
      return passOn(command);
    });
    expect(await bodyOf(createOnce(asked, { on: silent }))).toEqual({ ...first, secret: null });
  });

  it('that is told what is there reads nothing more', async () => {
    const asked = given();
    await createOnce(asked);
    const reads: unknown[] = [];
    const counting = reaching((command) => {
      if (command instanceof GetItemCommand) reads.push(command);
      return passOn(command);
    });
    expect((await createOnce(asked, { on: counting })).outcome).toBe('replayed');
    expect(reads).toEqual([]);
  });

  it('with another body is refused', async () => {
    const asked = given();
    await createOnce(asked);
    await expect(createOnce(asked, { sent: { name: 'other' } })).rejects.toMatchObject({
      code: 'idempotency_mismatch',
    });
  });

  it('that keeps meeting something of which nothing is found is tried again, and refused for now', async () => {
    let tries = 0;
    const held = reaching(async (command) => {
      if (!(command instanceof PutItemCommand)) return passOn(command);
      tries += 1;
      throw new TransactionConflictException({ message: 'another transaction holds it', $metadata: {} });
    });
    await expect(createOnce(given(), { on: held })).rejects.toMatchObject({
      code: 'unavailable',
      details: { retryAfterSeconds: 1 },
    });
    expect(tries).toBe(commitLimits.tries);
  });

  it('without its reply is a defect', async () => {
    const asked = given();
    const decided = decide(
      {
        id: asked.id,
        ...scope,
        secretHmac: '1.x',
        createdBy: merchant.actor_id,
        bodyDigest: await ports.digests.of(body),
      },
      body,
      unbounded,
      runtime.platform.clock(),
    );
    if ('refused' in decided) throw new Error(decided.refused);
    await commitChange(runtime.platform, keyRow, null, { next: decided.next, fact: null }, audit);
    await expect(createOnce(asked)).rejects.toThrow('an object was created without its reply');
  });

  it('keeps its reply in a place of its own', () => {
    expect(replyContext({ tenant: 'ten_1', mode: 'test' }, 'key_1', 'tenants')).toEqual({
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
  it('shows its secret once, and keeps a reply without it', async () => {
    const authorizer = await realMerchant(call);
    const first = await call(createKey, { key: 'once-1', body, authorizer });
    expect(first.json.secret).toMatch(/^sk_test_us_/);
    const again = await call(createKey, { key: 'once-1', body, authorizer });
    expect(again.json).toEqual({ ...first.json, secret: null });
    expect(again.headers).toHaveProperty('Idempotent-Replayed', 'true');
    const stored = (await load(runtime.platform, keyRow, { id: first.json.id }))?.value;
    const opened =
      stored?.reply &&
      (await ports.keyring.open(
        stored.reply,
        replyContext({ tenant: authorizer.tenant, mode: 'test' }, first.json.id, 'tenants'),
      ));
    expect(JSON.parse(opened ?? '')).toEqual({ ...first.json, secret: null });
    expect(stored).toMatchObject({ tenant: authorizer.tenant, mode: 'test', last_used_at: null });
  });

  it('whose repeat met something that it was not told of is found, and replayed', async () => {
    const authorizer = await realMerchant(call);
    const first = await call(createKey, { key: 'once-0', body, authorizer });
    const { platform } = runtime;
    const send = (command: PutItemCommand) =>
      command instanceof PutItemCommand && command.input.TableName === platform.config.table('tenants')
        ? Promise.reject(sdkError('TransactionConflictException', 'Transaction is ongoing.'))
        : platform.dynamodb.send(command);
    const meeting = { ...platform, dynamodb: { send } } as unknown as typeof platform;
    const again = await caller(serve(portsOf(meeting), routes))(createKey, { key: 'once-0', body, authorizer });
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
