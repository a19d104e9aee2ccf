// Data keys and platform secrets: fetched once, kept within bounds of number, time and uses, and bound to zone and tenant.

import { createSecretKey, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { platformSecrets, type WrappingKey, wrappingKeys } from '../../../contract/kernel/kms_keys.ts';
import { cacheLimits } from '../../../contract/kernel/limits.ts';
import { rotationLimits } from '../../../contract/rotation/limits.ts';
import { digests } from '../../../lambdas/kernel/crypto/digest.ts';
import { keyNameOf, seal } from '../../../lambdas/kernel/crypto/envelope.ts';
import { keyring, sealingKeyring } from '../../../lambdas/kernel/crypto/keyring.ts';
import { parseVersionedKeys, platformSecret } from '../../../lambdas/kernel/crypto/platform_secrets.ts';
import { readConfig } from '../../../lambdas/kernel/platform/config.ts';
import { dataKeys } from '../../../lambdas/kernel/store/data_keys.ts';
import { type AwsCall, answeredClients } from '../../kit/aws/answered.ts';
import { environment, keyArn, secretArn } from '../../kit/aws/environment.ts';
import { memoryAws } from '../../kit/aws/memory.ts';

const start = Date.UTC(2027, 0, 1);
const key = createSecretKey(randomBytes(32));

/** AWS in memory that counts what it is asked, may answer otherwise, and a clock to set. */
function given() {
  let nowMs = start;
  const calls: AwsCall[] = [];
  const answers: { instead?: (call: AwsCall) => object | undefined } = {};
  const aws = memoryAws({ now: () => nowMs, random: (bytes) => randomBytes(bytes) });
  const clients = answeredClients(async (call) => {
    calls.push(call);
    return answers.instead?.(call) ?? aws.answer(call);
  });
  const logged: unknown[] = [];
  return {
    platform: {
      ...clients,
      clock: () => nowMs,
      config: readConfig(environment('test', 'http://127.0.0.1:1')),
      log: (message: string, fields: object) => void logged.push([message, fields]),
      sleep: async () => {},
    },
    logged,
    aws,
    calls,
    answers,
    asked: (operation: string) => calls.filter((call) => call.operation === operation).length,
    pass(ms: number) {
      nowMs += ms;
    },
  };
}

const context = {
  tenant: 'ten_1',
  mode: 'test',
  purpose: 'reply',
  table: 'payments',
  item: 'pay_1',
  field: 'reply',
} as const;
const elsewhere = { ...context, tenant: 'ten_2' };
const dayMs = 86_400_000;
const today = { day: 20_819, number: 0 };

type RuntimeFixture = ReturnType<typeof given>;
const ringOf = ({ platform }: RuntimeFixture, wrapping: WrappingKey = 'tenant') =>
  keyring(platform, wrapping, dataKeys(platform));
const rowsOf = ({ aws }: RuntimeFixture) => [...aws.database.items('data_keys')];

describe('[ENC-2] data keys', () => {
  it('open what they sealed, in its place alone', async () => {
    const runtime = given();
    const keys = ringOf(runtime);
    const sealed = await keys.seal('text', context);
    expect(await keys.open(sealed, context)).toBe('text');
    expect(await ringOf(runtime).open(sealed, context)).toBe('text');
    const refused = async (at: typeof context | object, what: Uint8Array = sealed) =>
      expect(keys.open(what, { ...context, ...at })).rejects;
    await (await refused({ item: 'pay_2' })).toMatchObject({ name: 'DecryptionError', reason: 'not_authentic' });
    await (await refused({ mode: 'live' })).toMatchObject({ reason: 'not_authentic' });
    await (await refused({}, new Uint8Array())).toMatchObject({ reason: 'malformed' });
    await (await refused({ tenant: 'ten_2' })).toMatchObject({ reason: 'key_gone' });
    await (await refused({}, seal('x', { name: 'subject', plaintext: key }, { ...context, zone: 'us' }))).toMatchObject(
      {
        reason: 'malformed',
      },
    );
  });

  it.each(wrappingKeys)('are asked of the zone’s key %s, for zone, tenant, purpose and name', async (wrapping) => {
    const runtime = given();
    const sealed = await ringOf(runtime, wrapping).seal('text', context);
    await ringOf(runtime, wrapping).open(sealed, context);
    const EncryptionContext = { zone: 'us', tenant: 'ten_1', purpose: wrapping, key: '20819.0' };
    const [row] = rowsOf(runtime);
    expect(row?.pk?.S).toBe(`ten_1#${wrapping}`);
    const asked = runtime.calls.filter(({ service }) => service === 'kms');
    expect(asked.map(({ operation, input }) => [operation, input])).toEqual([
      ['GenerateDataKey', { KeyId: keyArn(wrapping), KeySpec: 'AES_256', EncryptionContext }],
      ['Decrypt', { KeyId: keyArn(wrapping), CiphertextBlob: row?.wrapped?.B, EncryptionContext }],
    ]);
  });

  it('bind what they seal to the zone', async () => {
    const runtime = given();
    const sealed = await ringOf(runtime).seal('text', context);
    const { platform } = runtime;
    const other = {
      ...platform,
      config: Object.create(platform.config, { zone: { value: 'eu' } }) as typeof platform.config,
    };
    await expect(keyring(other, 'tenant', dataKeys(other)).open(sealed, context)).rejects.toThrow();
  });

  it('are made once for each tenant and day, whoever races for them', async () => {
    const runtime = given();
    const rings = Array.from({ length: 8 }, () => ringOf(runtime));
    const sealed = await Promise.all(rings.map((ring) => ring.seal('text', context)));
    expect(rowsOf(runtime).map(({ pk, sk }) => [pk?.S, sk?.S])).toEqual([['ten_1#tenant', '20819.0']]);
    for (const each of sealed) {
      expect(keyNameOf(each)).toEqual(today);
      expect(await ringOf(runtime).open(each, context)).toBe('text');
    }
  });

  it('are asked for once by each process while they last, to seal and to open', async () => {
    const runtime = given();
    const keys = ringOf(runtime);
    const sealed = await Promise.all([keys.seal('a', context), keys.seal('b', context), keys.seal('c', elsewhere)]);
    expect(runtime.asked('GenerateDataKey')).toBe(2);
    await Promise.all([keys.open(sealed[0], context), keys.open(sealed[1], context)]);
    expect(await keys.open(sealed[2], elsewhere)).toBe('c');
    expect(runtime.asked('Decrypt')).toBe(0);
    const other = ringOf(runtime);
    await Promise.all([other.open(sealed[0], context), other.open(sealed[1], context), other.seal('d', context)]);
    expect([runtime.asked('Decrypt'), runtime.asked('GenerateDataKey')]).toEqual([1, 2]);
  });

  it('cost nothing while they are kept', async () => {
    const runtime = given();
    const ring = ringOf(runtime);
    await ring.open(await ring.seal('a', context), context);
    const before = runtime.calls.length;
    for (let use = 0; use < 20; use += 1) await ring.open(await ring.seal('a', context), context);
    expect(runtime.calls).toHaveLength(before);
  });

  it('end with the day; what yesterday’s sealed still opens', async () => {
    const runtime = given();
    const ring = ringOf(runtime);
    const first = await ring.seal('a', context);
    runtime.pass(dayMs);
    const second = await ring.seal('b', context);
    expect([keyNameOf(first), keyNameOf(second)]).toEqual([today, { day: 20_820, number: 0 }]);
    expect([await ring.open(first, context), await ring.open(second, context)]).toEqual(['a', 'b']);
    expect(rowsOf(runtime)).toHaveLength(2);
  });

  it('are kept for their time and no longer', async () => {
    const runtime = given();
    const keys = ringOf(runtime);
    await keys.seal('a', context);
    runtime.pass(cacheLimits.dataKeyMs - 1);
    await keys.seal('a', context);
    expect(runtime.asked('Decrypt')).toBe(0);
    runtime.pass(1);
    await keys.seal('a', context);
    expect(runtime.asked('Decrypt')).toBe(1);
  });

  it('are used as often as they may be and no more', async () => {
    const runtime = given();
    const keys = ringOf(runtime);
    for (let use = 0; use < cacheLimits.dataKeyUses; use += 1) await keys.seal('', context);
    expect(runtime.asked('Decrypt')).toBe(0);
    await keys.seal('', context);
    expect(runtime.asked('Decrypt')).toBe(1);
  });

  it('are kept for a bounded number of tenants: the one made longest ago goes', async () => {
    const runtime = given();
    const keys = ringOf(runtime);
    const sealFor = (tenant: number) => keys.seal('', { ...context, tenant: `ten_${tenant}` });
    const had = () => runtime.asked('GenerateDataKey') + runtime.asked('Decrypt');
    for (let tenant = 0; tenant < cacheLimits.dataKeys; tenant += 1) await sealFor(tenant);
    await sealFor(0);
    expect(had()).toBe(cacheLimits.dataKeys);
    await sealFor(cacheLimits.dataKeys);
    await sealFor(1);
    expect(had()).toBe(cacheLimits.dataKeys + 1);
    await sealFor(0);
    expect(had()).toBe(cacheLimits.dataKeys + 2);
    // Had anew, it is the youngest: the next to go is another.
    runtime.pass(cacheLimits.dataKeyMs);
    await sealFor(2);
    await sealFor(cacheLimits.dataKeys + 1);
    await sealFor(2);
    expect(had()).toBe(cacheLimits.dataKeys + 4);
  });

  it('that came too late are not stored: their wrapping may be older than a rotation that was certified since', async () => {
    const runtime = given();
    let takes: number = cacheLimits.dataKeyKeepMs + 1;
    runtime.answers.instead = ({ operation }) => {
      if (operation === 'GenerateDataKey') runtime.pass(takes);
      return undefined;
    };
    const { platform } = runtime;
    const own = sealingKeyring({ ...platform, random: randomBytes }, 'tenant', dataKeys(platform));
    for (const ring of [ringOf(runtime), own]) {
      await expect(ring.seal('a', context)).rejects.toThrow('a data key came too late to be stored');
      expect(rowsOf(runtime)).toEqual([]);
    }
    takes = cacheLimits.dataKeyKeepMs;
    await ringOf(runtime).seal('a', context);
    expect(rowsOf(runtime)).toHaveLength(1);
  });

  it('that another made and that are gone again seal nothing', async () => {
    const runtime = given();
    runtime.answers.instead = ({ operation }) => {
      return operation === 'BatchExecuteStatement' ? { Responses: [{ Error: { Code: 'DuplicateItem' } }] } : undefined;
    };
    await expect(ringOf(runtime).seal('a', context)).rejects.toMatchObject({ reason: 'key_gone' });
  });

  it('that could not be had are asked for again', async () => {
    const runtime = given();
    const keys = ringOf(runtime);
    runtime.answers.instead = () => {
      throw new Error('KMS is away');
    };
    await expect(keys.seal('a', context)).rejects.toThrow('KMS is away');
    runtime.answers.instead = () => undefined;
    expect(await keys.open(await keys.seal('a', context), context)).toBe('a');
  });

  it('are wiped where KMS’s answer held them', async () => {
    const runtime = given();
    const held: Uint8Array[] = [];
    runtime.answers.instead = ({ service, operation, input }) => {
      if (service !== 'kms') return undefined;
      const Plaintext = Buffer.alloc(32, 7);
      held.push(Plaintext);
      return operation === 'Decrypt' ? { Plaintext } : { CiphertextBlob: Buffer.alloc(184, 1), Plaintext, input };
    };
    await ringOf(runtime).open(await ringOf(runtime).seal('a', context), context);
    expect(held.map((bytes) => Buffer.from(bytes).equals(Buffer.alloc(32)))).toEqual([true, true]);
  });

  it.each([
    ['no ciphertext', { Plaintext: Buffer.alloc(32) }],
    ['no plaintext', { CiphertextBlob: Buffer.alloc(184) }],
    ['nothing', {}],
  ])('are not taken from an answer with %s', async (_, answer) => {
    const runtime = given();
    runtime.answers.instead = ({ service }) => (service === 'kms' ? answer : undefined);
    await expect(ringOf(runtime).seal('a', context)).rejects.toThrow('KMS answered without a data key');
  });

  it('are not taken from an unwrapping without a plaintext', async () => {
    const runtime = given();
    const sealed = await ringOf(runtime).seal('a', context);
    runtime.answers.instead = ({ service }) => (service === 'kms' ? {} : undefined);
    await expect(ringOf(runtime).open(sealed, context)).rejects.toThrow('KMS answered without a plaintext');
  });

  it('that are gone are told apart from what was altered', async () => {
    const runtime = given();
    const sealed = await ringOf(runtime).seal('text', context);
    const [row] = rowsOf(runtime);
    runtime.aws.database.call('DeleteItem', { TableName: 'data_keys', Key: { pk: row?.pk, sk: row?.sk } });
    await expect(ringOf(runtime).open(sealed, context)).rejects.toMatchObject({ reason: 'key_gone' });
  });

  it('do not open for another tenant or day, though their rows were exchanged', async () => {
    const runtime = given();
    await ringOf(runtime).seal('text', context);
    const sealed = await ringOf(runtime).seal('text', elsewhere);
    const [one] = rowsOf(runtime);
    runtime.aws.database.call('PutItem', { TableName: 'data_keys', Item: { ...one, pk: { S: 'ten_2#tenant' } } });
    await expect(ringOf(runtime).open(sealed, elsewhere)).rejects.toThrow('not of this key and context');
  });
});

describe('[ENC-2] [RES-4] data keys of a zone with two regions', () => {
  const inSecond = ({ platform }: RuntimeFixture) => ({
    ...platform,
    config: Object.create(platform.config, { region: { value: 'us-west-2' } }) as typeof platform.config,
  });
  const secondRing = (runtime: RuntimeFixture) => keyring(inSecond(runtime), 'tenant', dataKeys(inSecond(runtime)));

  it('have names of their own in each region, and open in both', async () => {
    const runtime = given();
    const [one, other] = [await ringOf(runtime).seal('a', context), await secondRing(runtime).seal('b', context)];
    expect([keyNameOf(one), keyNameOf(other)]).toEqual([today, { ...today, number: 1 }]);
    expect(await secondRing(runtime).open(one, context)).toBe('a');
    expect(await ringOf(runtime).open(other, context)).toBe('b');
  });

  it('are waited for where the other region’s has not come yet, and are gone where it is one’s own', async () => {
    const runtime = given();
    const sealed = await ringOf(runtime).seal('a', context);
    const elsewhere = given();
    await expect(secondRing(elsewhere).open(sealed, context)).rejects.toThrow('unavailable');
    await expect(ringOf(elsewhere).open(sealed, context)).rejects.toThrow('key_gone');
  });
});

describe('[ENC-4] who may only seal', () => {
  const may = ({ platform }: RuntimeFixture) => {
    const { keep } = dataKeys(platform);
    return sealingKeyring({ ...platform, random: (bytes) => randomBytes(bytes) }, 'secrets', { keep });
  };

  it('has keys of its own, one a process while it lasts, which others can open', async () => {
    const runtime = given();
    const ring = may(runtime);
    const sealed = await Promise.all([
      ring.seal('a', context),
      ring.seal('b', context),
      may(runtime).seal('c', context),
    ]);
    const names = sealed.map(keyNameOf);
    expect(names[0]).toEqual(names[1]);
    expect(names[0]).not.toEqual(names[2]);
    expect(names.every((name) => name !== null && name !== 'subject' && name.number > 0)).toBe(true);
    expect(runtime.asked('Decrypt')).toBe(0);
    const opened = sealed.map((each) => ringOf(runtime, 'secrets').open(each, context));
    expect(await Promise.all(opened)).toEqual(['a', 'b', 'c']);
    runtime.pass(cacheLimits.dataKeyMs);
    expect(keyNameOf(await ring.seal('d', context))).not.toEqual(names[0]);
  });

  it('has a key for each tenant: one’s never seals for another', async () => {
    const runtime = given();
    const ring = sealingKeyring({ ...runtime.platform, random: randomBytes }, 'secrets', dataKeys(runtime.platform));
    const sealed = [await ring.seal('a', context), await ring.seal('b', elsewhere)];
    expect(runtime.asked('GenerateDataKey')).toBe(2);
    const reader = ringOf(runtime, 'secrets');
    expect([await reader.open(sealed[0] as never, context), await reader.open(sealed[1] as never, elsewhere)]).toEqual([
      'a',
      'b',
    ]);
  });

  it('takes another number where its own is taken, and gives up after a few', async () => {
    const runtime = given();
    const numbers = [7, 7, 7, 8, 7, 7, 7];
    const random = (bytes: number) => {
      const drawn = Buffer.alloc(bytes);
      drawn.writeUInt32BE((numbers.shift() ?? 0) - 2);
      return drawn;
    };
    const ring = () => sealingKeyring({ ...runtime.platform, random }, 'secrets', dataKeys(runtime.platform));
    const [first, second] = [await ring().seal('a', context), await ring().seal('b', context)];
    expect([keyNameOf(first), keyNameOf(second)]).toEqual([
      { ...today, number: 7 },
      { ...today, number: 8 },
    ]);
    await expect(ring().seal('c', context)).rejects.toThrow('no number was free');
    expect(await ringOf(runtime, 'secrets').open(first, context)).toBe('a');
  });
});

describe('[ENC-4] platform secrets', () => {
  const answering = (SecretString: string | undefined) => () => ({ SecretString });
  /** The peppers of a Secrets Manager that answers each question when it is told to. */
  const slowly = (platform: RuntimeFixture['platform']) => {
    const waiting: { resolve: (answer: object) => void; reject: (error: Error) => void }[] = [];
    const send = () => new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    const asked = { ...platform, secretsManager: { send } } as unknown as typeof platform;
    return { waiting, secret: platformSecret(asked, 'peppers') };
  };

  it('are asked for by their name, once, and kept for their time', async () => {
    const { platform, calls, pass } = given();
    const secret = platformSecret(platform, 'peppers');
    const first = await secret();
    expect(first.current).toBe('1');
    expect(first.key('1')?.symmetricKeySize).toBe(64);
    pass(cacheLimits.secretMs - 1);
    expect(await secret('1')).toBe(first);
    expect(calls).toEqual([
      { service: 'secretsmanager', operation: 'GetSecretValue', input: { SecretId: secretArn('peppers') } },
    ]);
    pass(1);
    expect(await secret()).not.toBe(first);
    expect(calls).toHaveLength(2);
  });

  it('are asked for again where a version is missing, once in a while', async () => {
    const { platform, asked, answers, pass } = given();
    answers.instead = answering('{"current":"1","1":"a"}');
    const secret = platformSecret(platform, 'peppers');
    await secret();
    answers.instead = answering('{"current":"2","1":"a","2":"b"}');
    expect((await secret('1')).current).toBe('1');
    expect((await secret()).current).toBe('1');
    expect(asked('GetSecretValue')).toBe(1);
    // At once, and whoever else needs it waits for the same answer.
    const both = await Promise.all([secret('2'), secret('2')]);
    expect(both.map((keys) => keys.key('2') !== undefined)).toEqual([true, true]);
    expect(asked('GetSecretValue')).toBe(2);
    expect((await secret('made up')).current).toBe('2');
    expect(asked('GetSecretValue')).toBe(3);
    pass(cacheLimits.secretRecheckMs - 1);
    expect((await secret('made up')).current).toBe('2');
    expect(asked('GetSecretValue')).toBe(3);
    pass(1);
    await secret('made up');
    expect(asked('GetSecretValue')).toBe(4);
  });

  it('are asked for a few times, whatever versions are made up', async () => {
    const { platform, asked, pass } = given();
    const secret = platformSecret(platform, 'peppers');
    await secret();
    for (let at = 0; at < 50; at += 1) await secret(`made up ${at}`);
    expect(asked('GetSecretValue')).toBe(1 + cacheLimits.secretRechecks);
    await Promise.all(Array.from({ length: 50 }, (_, at) => secret(`made up at once ${at}`)));
    expect(asked('GetSecretValue')).toBe(1 + cacheLimits.secretRechecks);
    pass(cacheLimits.secretRecheckMs);
    await Promise.all(Array.from({ length: 50 }, (_, at) => secret(`made up later ${at}`)));
    expect(asked('GetSecretValue')).toBe(1 + 2 * cacheLimits.secretRechecks);
  });

  it('[SEC-1] are told of when they are older than is promised, and not before', async () => {
    const { platform, answers, logged, pass } = given();
    const CreatedDate = new Date(start);
    answers.instead = () => ({ SecretString: '{"current":"1","1":"a"}', CreatedDate });
    pass((platformSecrets.peppers.rotationDays + rotationLimits.graceDays) * 86_400_000);
    await platformSecret(platform, 'peppers')();
    expect(logged).toEqual([]);
    pass(1);
    await platformSecret(platform, 'peppers')();
    expect(logged).toEqual([['secret_overdue', { object: 'peppers' }]]);
  });

  it('that could not be had are asked for again', async () => {
    const { platform, answers } = given();
    const secret = platformSecret(platform, 'peppers');
    answers.instead = answering('nonsense');
    await expect(secret()).rejects.toThrow('is not of the form');
    answers.instead = () => undefined;
    expect((await secret()).current).toBe('1');
  });

  it('that failed to be had in the meantime are those that were had before', async () => {
    const { platform, pass } = given();
    const { secret, waiting } = slowly(platform);
    const first = secret();
    waiting[0]?.resolve({ SecretString: '{"current":"1","1":"a"}' });
    await first;
    const early = secret('2');
    await Promise.resolve();
    waiting[1]?.reject(new Error('away'));
    await expect(early).rejects.toThrow('away');
    expect(await secret('1')).toBe(await first);
    pass(cacheLimits.secretMs);
    const late = secret();
    waiting[2]?.reject(new Error('away'));
    await expect(late).rejects.toThrow('away');
    expect(waiting).toHaveLength(3);
  });

  it('that came later are kept, however an earlier question ends', async () => {
    const { platform, pass } = given();
    const { secret, waiting } = slowly(platform);
    const early = secret();
    pass(cacheLimits.secretMs);
    const late = secret();
    waiting[1]?.resolve({ SecretString: '{"current":"1","1":"a"}' });
    waiting[0]?.reject(new Error('away'));
    await expect(early).rejects.toThrow('away');
    expect(await secret()).toBe(await late);
    expect(waiting).toHaveLength(2);
  });

  it.each([
    undefined,
    '',
    'nonsense',
    '[]',
    '{}',
    '{"current":"1"}',
    '{"1":"a"}',
    '{"current":"2","1":"a"}',
    '{"current":"1","1":""}',
    '{"current":"1","1":7}',
    '{"undefined":"a"}',
  ])('%j is none', (text) => {
    expect(() => parseVersionedKeys(text)).toThrow(
      'a platform secret is not of the form {"current": version, version: value}',
    );
  });

  it('hold one key for each version, and "current" is none', () => {
    const keys = parseVersionedKeys('{"current":"2","1":"old","2":"new"}');
    expect(keys.current).toBe('2');
    expect(parseVersionedKeys('{"c":"z","a":"y","current":"c","b":"x"}').versions).toEqual(['a', 'b', 'c']);
    expect(keys.key('1')?.export().toString()).toBe('old');
    expect(keys.key('2')?.export().toString()).toBe('new');
    expect(keys.key('current')).toBeUndefined();
    expect(keys.key('3')).toBeUndefined();
  });
});

describe('[PAY-1] digests of bodies', () => {
  const under = (text: string) => digests(async () => parseVersionedKeys(text));
  const both = under('{"current":"2","1":"old","2":"new"}');

  it('are equal for equal values, however they were written, and for no others', async () => {
    const digest = await both.of({ a: 1, b: [2, 'x'] });
    expect(digest).toBe('2.6bXeZAXVfk2XGYETpqOE3kfElilNQa-mCpX9RESPCRI');
    expect(await both.of({ b: [2, 'x'], a: 1.0 })).toBe(digest);
    expect(await both.matches({ b: [2, 'x'], a: 1 }, digest)).toBe(true);
    expect(await both.matches({ b: [2, 'x'], a: 2 }, digest)).toBe(false);
    expect(await both.matches({ b: [2, 'x'], a: 1 }, `${digest}x`)).toBe(false);
  });

  it('match under the version that they name, while it is there', async () => {
    const old = await under('{"current":"1","1":"old"}').of('x');
    expect(old).toMatch(/^1\./);
    expect(await both.matches('x', old)).toBe(true);
    expect(await under('{"current":"1","1":"other"}').matches('x', old)).toBe(false);
    const gone = under('{"current":"2","2":"new"}').matches('x', old);
    await expect(gone).rejects.toThrow('a digest names a key version that is gone');
  });

  it('can be had under every version, the oldest first, whatever order they are told in', async () => {
    const each = await under('{"current":"2","2":"new","1":"old"}').each('x');
    expect(each).toEqual([await under('{"current":"1","1":"old"}').of('x'), await both.of('x')]);
  });

  it('name versions of any length', async () => {
    const long = under('{"current":"2026-11","2026-11":"new","2":"another"}');
    const digest = await long.of('x');
    expect(digest).toMatch(/^2026-11\./);
    expect(await long.matches('x', digest)).toBe(true);
  });

  it('look for the version that they name', async () => {
    const asked: (string | undefined)[] = [];
    const watched = digests(async (needing) => {
      asked.push(needing);
      return parseVersionedKeys('{"current":"1","1":"old"}');
    });
    await watched.matches('x', await watched.of('x'));
    expect(asked).toEqual([undefined, '1']);
  });

  it('are made of nothing but something', async () => {
    await expect(both.of(undefined)).rejects.toThrow('a digest was asked of nothing');
  });
});
