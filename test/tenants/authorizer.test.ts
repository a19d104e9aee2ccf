// The authorizer finds who calls, and with which verdict: what nobody issued is 401 and counted, what is recognised goes
// through with its verdict, and a failure of ours is never an admission.

import { crc32 } from 'node:zlib';
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checksumChars } from '../../contract/kernel/credential.ts';
import { newTenantMs } from '../../contract/kernel/rates.ts';
import type { Mode } from '../../contract/kernel/roles.ts';
import { keyLimits } from '../../contract/tenants/limits.ts';
import { markStage, mintCredential } from '../../lambdas/kernel/crypto/credential.ts';
import { platformSecret } from '../../lambdas/kernel/crypto/platform_secrets.ts';
import { base32, derivedId } from '../../lambdas/kernel/platform/ids.ts';
import type { Platform } from '../../lambdas/kernel/platform/platform.ts';
import { commitChange } from '../../lambdas/kernel/store/commit.ts';
import { load } from '../../lambdas/kernel/store/load.ts';
import { authorizer } from '../../lambdas/tenants/authorizer.ts';
import type { Key } from '../../lambdas/tenants/domain/key.ts';
import { keyRow } from '../../lambdas/tenants/store.ts';
import { openRuntime } from '../kit/runtime/open.ts';
import type { RuntimeFixture } from '../kit/runtime/runtime_fixture.ts';
import { deployer, type Issued, issuedKey, issuedOperator } from './issued_credentials.ts';

let runtime: RuntimeFixture;
beforeAll(async () => {
  runtime = await openRuntime();
});
afterAll(() => runtime.stop());

const tenant = `ten_us_${'d'.repeat(26)}`;

async function issue(more: Partial<Key> = {}, written: Mode = 'test'): Promise<Issued> {
  const { platform } = runtime;
  const issued = await issuedKey(platform, { tenant, mode: 'test', written }, { scopes: held, ...more });
  await commitChange(platform, keyRow, null, { next: issued.key, fact: null }, deployer);
  return issued;
}

const held: Key['scopes'] = ['payments:read', 'payments:write'];
const issueOperator = (status: 'active' | 'revoked') => issuedOperator(runtime.platform, status);

let made = 0;
/** A credential of the right form that nobody stored. */
async function madeUp(kind: 'key' | 'operator', zone: 'us' | 'eu' = 'us', stage = 'test'): Promise<string> {
  const { platform } = runtime;
  made += 1;
  const id = markStage(derivedId(kind, zone, ['made up', made]), stage);
  const mode = kind === 'key' ? 'test' : null;
  return mintCredential(id, mode, zone, platform.random, await platformSecret(platform, 'peppers')()).text.reveal();
}

const eventOf = (headers: Record<string, string> | null, sourceIp = '203.0.113.9') =>
  ({
    type: 'REQUEST',
    methodArn: 'arn:aws:execute-api:us-east-1:000000000000:api/api/GET/v1/payments',
    httpMethod: 'GET',
    resource: '/v1/payments',
    path: '/v1/payments',
    headers,
    requestContext: { requestId: 'req-auth', identity: { sourceIp } },
  }) as unknown as APIGatewayRequestAuthorizerEvent;

const ask = (text: string, sourceIp?: string, platform: Platform = runtime.platform) =>
  authorizer(platform)(eventOf({ Authorization: `Bearer ${text}` }, sourceIp));

const unknownCredentials = (): number =>
  runtime.lines.filter(({ message }) => message === 'credential_unrecognised').length;
const lastUse = async ({ id }: Key) => (await load(runtime.platform, keyRow, { id }))?.value.last_used_at;

/** What a request came to, and how many more unknown credentials were counted. */
async function counted(request: () => Promise<unknown>) {
  const before = unknownCredentials();
  const outcome = await request().then(
    (result) => result as Awaited<ReturnType<typeof ask>>,
    (error: Error) => error.message,
  );
  return { outcome, unknownCredentials: unknownCredentials() - before };
}

describe('[API-1] a key that is known', () => {
  it('is admitted to be judged, with all that the pipeline needs and nothing else', async () => {
    const { key, text } = await issue();
    runtime.advance(newTenantMs);
    expect(await counted(() => ask(text))).toEqual({
      outcome: {
        principalId: key.id,
        policyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Action: 'execute-api:Invoke',
              Effect: 'Allow',
              Resource: 'arn:aws:execute-api:us-east-1:000000000000:api/api/GET/v1/payments',
            },
          ],
        },
        context: {
          verdict: 'ok',
          actor_kind: 'key',
          actor_id: key.id,
          tenant: key.tenant,
          mode: 'test',
          scopes: 'payments:read payments:write',
          zone: 'us',
        },
        usageIdentifierKey: `strongroom-test-us-${key.tenant.replaceAll('_', '-')}-test-read`,
      },
      unknownCredentials: 0,
    });
  });

  it('that is publishable is a payer’s, without scopes and under a limit of its own', async () => {
    const { key, text } = await issue({ kind: 'publishable', scopes: [] });
    expect(text).toMatch(/^pk_test_us_/);
    runtime.advance(newTenantMs);
    expect(await ask(text)).toMatchObject({
      context: { verdict: 'ok', actor_kind: 'payer', actor_id: key.id, tenant: key.tenant, scopes: '' },
      usageIdentifierKey: `strongroom-test-us-${key.tenant.replaceAll('_', '-')}-test-payer`,
    });
  });

  it.each([
    ['publishable', 'sk'],
    ['secret', 'pk'],
  ] as const)('that is %s is not known as %s_…, whoever puts the checksum right', async (kind, front) => {
    const { text } = await issue({ kind });
    const changed = front + text.slice(2, -checksumChars);
    const crc = Buffer.alloc(4);
    crc.writeUInt32BE(crc32(changed));
    expect(await counted(() => ask(changed + base32(crc)))).toEqual({ outcome: 'Unauthorized', unknownCredentials: 1 });
  });

  it('is read from its header, however that is spelled, and from nowhere else', async () => {
    const { key, text } = await issue();
    for (const name of ['authorization', 'AUTHORIZATION', 'Authorization'])
      expect(
        (await authorizer(runtime.platform)(eventOf({ 'X-First': 'x', [name]: `Bearer ${text}` }))).principalId,
      ).toBe(key.id);
    const without: (Record<string, string> | null)[] = [null, {}, { 'X-Authorization': `Bearer ${text}` }];
    for (const headers of without)
      await expect(authorizer(runtime.platform)(eventOf(headers))).rejects.toThrow(/^Unauthorized$/);
  });

  it.each<[string, Partial<Key>]>([
    ['key_revoked', { status: 'revoked' }],
    ['key_expired', { expires_at: '2020-01-01T00:00:00.000Z' }],
    ['address_not_allowed', { allowed_addresses: ['198.51.100.0/24'] }],
  ])('goes through with its verdict, counted with the refused, not as unknown (%s)', async (verdict, more) => {
    const { key, text } = await issue(more);
    runtime.advance(newTenantMs);
    const { outcome, unknownCredentials } = await counted(() => ask(text));
    expect(outcome).toMatchObject({
      context: { verdict, actor_id: key.id, tenant: key.tenant },
      usageIdentifierKey: 'strongroom-test-us-refused-live-admin',
    });
    expect(unknownCredentials).toBe(0);
    expect(await lastUse(key)).toBeNull();
  });

  it('notes its use, at most once an hour', async () => {
    const { key, text } = await issue();
    await ask(text);
    const first = await lastUse(key);
    expect(first).not.toBeNull();
    runtime.advance(keyLimits.lastUsedResolutionMs - 60_000);
    await ask(text);
    expect(await lastUse(key)).toBe(first);
    runtime.advance(60_001);
    await ask(text);
    expect(await lastUse(key)).not.toBe(first);
  });

  it('is asked to note nothing where its use was noted within the hour', async () => {
    const { text } = await issue();
    await ask(text);
    const updates: unknown[] = [];
    const watched = whereUpdates(runtime.platform, (command) => updates.push(command));
    await ask(text, undefined, watched);
    expect(updates).toEqual([]);
  });

  it('is asked again exactly when the hour is over, not before', async () => {
    const { key, text } = await issue();
    await ask(text);
    const noted = Date.parse((await lastUse(key)) ?? '');
    const updates: unknown[] = [];
    const watched = whereUpdates(runtime.platform, (command) => updates.push(command));
    const hour = noted + keyLimits.lastUsedResolutionMs;
    await ask(text, undefined, { ...watched, clock: () => hour });
    expect(updates).toHaveLength(0);
    await ask(text, undefined, { ...watched, clock: () => hour + 1 });
    expect(updates).toHaveLength(1);
  });

  it('is counted under its tenant’s own name from the very end of its time as a new tenant', async () => {
    const { key, text } = await issue();
    const end = Date.parse(key.created_at) + newTenantMs;
    const own = `strongroom-test-us-${key.tenant.replaceAll('_', '-')}-test-read`;
    const at = async (nowMs: number) =>
      (await ask(text, undefined, { ...runtime.platform, clock: () => nowMs })).usageIdentifierKey;
    expect(await at(end - 1)).toBe('strongroom-test-us-new-tenants-test-read');
    expect(await at(end)).toBe(own);
  });

  it('is admitted where its use could not be noted', async () => {
    const { text } = await issue();
    const failing = whereUpdates(runtime.platform, () => {
      throw new Error('DynamoDB is away');
    });
    expect((await ask(text, undefined, failing)).context).toMatchObject({ verdict: 'ok' });
  });
});

/** The platform, where something is done before each update of an item. */
const whereUpdates = (platform: Platform, before: (command: UpdateItemCommand) => void): Platform => ({
  ...platform,
  dynamodb: new Proxy(platform.dynamodb, {
    get(target, property) {
      if (property !== 'send') return Reflect.get(target, property, target);
      return async (command: Parameters<typeof target.send>[0], ...more: []) => {
        if (command instanceof UpdateItemCommand) before(command);
        return target.send(command, ...more);
      };
    },
  }),
});

describe('[API-1] what nobody issued', () => {
  it.each<[string, () => Promise<string>]>([
    ['a key that is not stored', () => madeUp('key')],
    ['an operator that is not stored', () => madeUp('operator')],
    ['no credential at all', async () => 'sk_test_us_x'],
    [
      'another secret for a key’s id',
      async () => {
        const { platform } = runtime;
        const { key } = await issue();
        const other = mintCredential(
          key.id,
          'test',
          'us',
          platform.random,
          await platformSecret(platform, 'peppers')(),
        );
        return other.text.reveal();
      },
    ],
    [
      'another secret for an operator’s id',
      async () => {
        const { platform } = runtime;
        const { id } = await issueOperator('active');
        const peppers = await platformSecret(platform, 'peppers')();
        return mintCredential(id, null, 'us', platform.random, peppers).text.reveal();
      },
    ],
    ['a key that calls itself live and is not', async () => (await issue({}, 'live')).text],
  ])('is unauthorized, logged and counted: %s', async (_, text) => {
    const credential = await text();
    const from = runtime.lines.length;
    expect(await counted(() => ask(credential))).toEqual({ outcome: 'Unauthorized', unknownCredentials: 1 });
    expect(runtime.lines.slice(from)).toEqual([
      { message: 'credential_unrecognised', fields: { request_id: 'req-auth' } },
    ]);
  });

  it.each([
    ['key', 'us', 'another', 'wrong_environment'],
    ['operator', 'us', 'another', 'wrong_environment'],
    ['key', 'eu', 'another', 'wrong_environment'],
    ['key', 'eu', 'test', 'wrong_zone'],
    ['operator', 'eu', 'test', 'wrong_zone'],
  ] as const)('here, but of elsewhere (%s of %s, %s), is told so and counted', async (kind, zone, stage, verdict) => {
    const text = await madeUp(kind, zone, stage);
    const { outcome, unknownCredentials } = await counted(() => ask(text));
    expect(outcome).toMatchObject({
      context: { verdict, actor_kind: kind, tenant: '', mode: '', scopes: '', zone },
      usageIdentifierKey: 'strongroom-test-us-refused-live-admin',
    });
    expect(unknownCredentials).toBe(1);
  });
});

describe('[API-2] a flood of strangers', () => {
  /** DynamoDB takes no write, or never answers one; reads are as they are. */
  const readingOnly = (write: () => Promise<never>) => {
    const calls: string[] = [];
    const send = (command: { constructor: { name: string } }) => {
      calls.push(command.constructor.name);
      return command.constructor.name === 'GetItemCommand' ? runtime.platform.dynamodb.send(command as never) : write();
    };
    return { calls, platform: { ...runtime.platform, dynamodb: { send } } as unknown as Platform };
  };
  const throttled = () => Promise.reject(new Error('ThrottlingException'));
  const neverAnswered = () => new Promise<never>(() => {});

  it.each([
    ['throttled', throttled],
    ['not answered', neverAnswered],
  ])('is decided without a write, whatever becomes of writes: %s', async (_, write) => {
    const { calls, platform } = readingOnly(write);
    await expect(ask(await madeUp('key'), undefined, platform)).rejects.toThrow('Unauthorized');
    expect(await ask(await madeUp('key', 'eu'), undefined, platform)).toMatchObject({
      context: { verdict: 'wrong_zone' },
    });
    expect(await ask(await madeUp('key', 'us', 'another'), undefined, platform)).toMatchObject({
      context: { verdict: 'wrong_environment' },
    });
    await expect(ask('sk_test_us_x', undefined, platform)).rejects.toThrow('Unauthorized');
    expect(calls).toEqual(['GetItemCommand']);
  });

  it('a key that is known passes beside it', async () => {
    const { text } = await issue();
    const { platform } = readingOnly(throttled);
    expect(await ask(text, undefined, platform)).toMatchObject({ context: { verdict: 'ok' } });
  });
});

describe('[API-1] an operator', () => {
  it('is recognised without tenant, mode or scopes, and counted with the operators', async () => {
    const { id, text } = await issueOperator('active');
    const { outcome, unknownCredentials } = await counted(() => ask(text));
    expect(outcome).toMatchObject({
      principalId: id,
      context: { verdict: 'ok', actor_kind: 'operator', actor_id: id, tenant: '', mode: '', scopes: '', zone: 'us' },
      usageIdentifierKey: 'strongroom-test-us-operators-live-admin',
    });
    expect(unknownCredentials).toBe(0);
  });

  it('that is revoked goes through with that verdict, counted with the refused', async () => {
    const { text } = await issueOperator('revoked');
    expect(await ask(text)).toMatchObject({
      context: { verdict: 'key_revoked' },
      usageIdentifierKey: 'strongroom-test-us-refused-live-admin',
    });
  });
});

describe('[API-1] a failure of ours', () => {
  it('admits nobody, and is logged by its kind alone', async () => {
    const { text } = await issue();
    const failing = (error: unknown): Platform =>
      ({
        ...runtime.platform,
        secretsManager: {
          send: async () => {
            throw error;
          },
        },
      }) as unknown as Platform;
    const from = runtime.lines.length;
    const gone = { ...runtime.platform, secretsManager: { send: async () => ({}) } } as unknown as Platform;
    await expect(ask(text, undefined, failing(new TypeError('sk_test_secret')))).rejects.toThrow('sk_test_secret');
    await expect(ask(text, undefined, failing('a text'))).rejects.toBe('a text');
    await expect(ask(text, undefined, gone)).rejects.toThrow('a platform secret is not of the form');
    const defects = runtime.lines.slice(from).map(({ message, fields }) => [message, fields.request_id, fields.defect]);
    expect(defects).toEqual([
      ['authorizer_failed', 'req-auth', 'TypeError'],
      ['authorizer_failed', 'req-auth', 'unknown'],
      ['authorizer_failed', 'req-auth', expect.stringContaining('a platform secret')],
    ]);
  });
});
