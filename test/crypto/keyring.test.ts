// Data keys and platform secrets: fetched once, kept within bounds of number, time and uses, and bound to zone and tenant.

import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { cacheLimits } from '../../contract/limits.ts';
import { digests } from '../../lambdas/crypto/digest.ts';
import { keyNameOf } from '../../lambdas/crypto/envelope.ts';
import { keyring } from '../../lambdas/crypto/keyring.ts';
import { parseVersionedKeys, platformSecret } from '../../lambdas/crypto/platform_secrets.ts';
import { readConfig } from '../../lambdas/platform/config.ts';
import { foundKeys, madeKeys } from '../../lambdas/store/data_keys.ts';
import { type AwsCall, answeredClients } from '../aws/answered.ts';
import { environment, secretArn, tenantKeyArn } from '../aws/environment.ts';
import { memoryAws } from '../aws/memory.ts';

const start = Date.UTC(2027, 0, 1);

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
  return {
    platform: { ...clients, clock: () => nowMs, config: readConfig(environment('test', 'http://127.0.0.1:1')) },
    aws,
    calls,
    answers,
    asked: (operation: string) => calls.filter((call) => call.operation === operation).length,
    pass(ms: number) {
      nowMs += ms;
    },
  };
}

const place = { tenant: 'ten_1', purpose: 'reply', table: 'payments', item: 'pay_1', field: 'reply' };
const wrappedOf = (sealed: Uint8Array): unknown => {
  const name = keyNameOf(sealed);
  return name !== null && 'wrapped' in name ? name.wrapped : null;
};
const elsewhere = { ...place, tenant: 'ten_2' };

describe('[ENC-2] data keys', () => {
  it('open what they sealed, in its place alone', async () => {
    const { platform } = given();
    const keys = keyring(platform);
    const sealed = await keys.seal('text', place);
    expect(await keys.open(sealed, place)).toBe('text');
    expect(await keyring(platform).open(sealed, place)).toBe('text');
    await expect(keys.open(sealed, { ...place, item: 'pay_2' })).rejects.toThrow('envelope not_authentic');
    await expect(keys.open(new Uint8Array(), place)).rejects.toThrow('envelope malformed');
    await expect(keys.open(sealed, elsewhere)).rejects.toThrow('not of this key and context');
  });

  it('are asked of the zone’s tenant key, for this zone and tenant', async () => {
    const { platform, calls } = given();
    const keys = keyring(platform);
    const sealed = await keys.seal('text', place);
    await keys.open(sealed, place);
    const EncryptionContext = { zone: 'us', tenant: 'ten_1', purpose: 'tenant' };
    expect(calls.map(({ operation, input }) => [operation, input])).toEqual([
      ['GenerateDataKey', { KeyId: tenantKeyArn, KeySpec: 'AES_256', EncryptionContext }],
      ['Decrypt', { KeyId: tenantKeyArn, CiphertextBlob: wrappedOf(sealed), EncryptionContext }],
    ]);
  });

  it('bind what they seal to the zone', async () => {
    const { platform } = given();
    const sealed = await keyring(platform).seal('text', place);
    const other = { ...platform, config: { ...platform.config, zone: 'eu', key: platform.config.key } } as const;
    await expect(keyring(other).open(sealed, place)).rejects.toThrow();
  });

  it('are made once for each tenant while they last, and unwrapped once for each envelope’s key', async () => {
    const { platform, asked } = given();
    const keys = keyring(platform);
    const sealed = await Promise.all([keys.seal('a', place), keys.seal('b', place), keys.seal('c', elsewhere)]);
    expect(asked('GenerateDataKey')).toBe(2);
    await Promise.all([keys.open(sealed[0], place), keys.open(sealed[1], place)]);
    expect(asked('Decrypt')).toBe(1);
    expect(await keys.open(sealed[2], elsewhere)).toBe('c');
    expect(asked('Decrypt')).toBe(2);
  });

  it('of two of a tenant’s envelopes are two keys, and each opens its own', async () => {
    const { platform, pass } = given();
    const keys = keyring(platform);
    const first = await keys.seal('a', place);
    pass(cacheLimits.dataKeyMs);
    const second = await keys.seal('b', place);
    expect([await keys.open(first, place), await keys.open(second, place)]).toEqual(['a', 'b']);
  });

  it('are kept for their time and no longer', async () => {
    const { platform, asked, pass } = given();
    const keys = keyring(platform);
    await keys.seal('a', place);
    pass(cacheLimits.dataKeyMs - 1);
    await keys.seal('a', place);
    expect(asked('GenerateDataKey')).toBe(1);
    pass(1);
    await keys.seal('a', place);
    expect(asked('GenerateDataKey')).toBe(2);
  });

  it('are used as often as they may be and no more', async () => {
    const { platform, asked } = given();
    const keys = keyring(platform);
    for (let use = 0; use < cacheLimits.dataKeyUses; use += 1) await keys.seal('', place);
    expect(asked('GenerateDataKey')).toBe(1);
    await keys.seal('', place);
    expect(asked('GenerateDataKey')).toBe(2);
  });

  it('are kept for a bounded number of tenants: the one made longest ago goes', async () => {
    const { platform, asked, pass } = given();
    const keys = keyring(platform);
    const sealFor = (tenant: number) => keys.seal('', { ...place, tenant: `ten_${tenant}` });
    for (let tenant = 0; tenant < cacheLimits.dataKeys; tenant += 1) await sealFor(tenant);
    await sealFor(0);
    expect(asked('GenerateDataKey')).toBe(cacheLimits.dataKeys);
    await sealFor(cacheLimits.dataKeys);
    await sealFor(1);
    expect(asked('GenerateDataKey')).toBe(cacheLimits.dataKeys + 1);
    await sealFor(0);
    expect(asked('GenerateDataKey')).toBe(cacheLimits.dataKeys + 2);
    // Made anew, it is the youngest: the next to go is another.
    pass(cacheLimits.dataKeyMs);
    await sealFor(2);
    await sealFor(cacheLimits.dataKeys + 1);
    await sealFor(2);
    expect(asked('GenerateDataKey')).toBe(cacheLimits.dataKeys + 4);
  });

  it('that could not be had are asked for again', async () => {
    const { platform, asked, answers } = given();
    const keys = keyring(platform);
    answers.instead = () => {
      throw new Error('KMS is away');
    };
    await expect(keys.seal('a', place)).rejects.toThrow('KMS is away');
    answers.instead = () => undefined;
    expect(await keys.open(await keys.seal('a', place), place)).toBe('a');
    expect(asked('GenerateDataKey')).toBe(2);
  });

  it('are wiped where KMS’s answer held them', async () => {
    const { platform, answers } = given();
    const held: Uint8Array[] = [];
    answers.instead = ({ operation, input }) => {
      const Plaintext = Buffer.alloc(32, 7);
      held.push(Plaintext);
      return operation === 'Decrypt' ? { Plaintext } : { CiphertextBlob: Buffer.alloc(184, 1), Plaintext, input };
    };
    const keys = keyring(platform);
    await keys.open(await keys.seal('a', place), place);
    expect(held.map((bytes) => Buffer.from(bytes).equals(Buffer.alloc(32)))).toEqual([true, true]);
  });

  it.each([
    ['no ciphertext', { Plaintext: Buffer.alloc(32) }],
    ['no plaintext', { CiphertextBlob: Buffer.alloc(184) }],
    ['nothing', {}],
  ])('are not taken from an answer with %s', async (_, answer) => {
    const { platform, answers } = given();
    answers.instead = () => answer;
    await expect(keyring(platform).seal('a', place)).rejects.toThrow('KMS answered without a data key');
  });

  it('are not taken from an unwrapping without a plaintext', async () => {
    const { platform, answers } = given();
    const sealed = await keyring(platform).seal('a', place);
    answers.instead = () => ({});
    await expect(keyring(platform).open(sealed, place)).rejects.toThrow('KMS answered without a plaintext');
  });
});

describe('[ENC-2] keys of the day', () => {
  const dayMs = 86_400_000;
  const ringOf = ({ platform }: ReturnType<typeof given>, may: typeof madeKeys = madeKeys) =>
    keyring(platform, 'tenant', may({ ...platform, random: (bytes) => randomBytes(bytes) }));

  it('are made once for each tenant and day, whoever races for them', async () => {
    const house = given();
    const rings = Array.from({ length: 8 }, () => ringOf(house));
    const sealed = await Promise.all(rings.map((ring) => ring.seal('text', place)));
    const stored = [...house.aws.database.items('data_keys')];
    expect(stored.map(({ pk, sk }) => [pk?.S, sk?.S])).toEqual([['ten_1', '20819']]);
    for (const each of sealed) {
      expect(each).toHaveLength(3 + 12 + 4 + 16);
      expect(await ringOf(house).open(each, place)).toBe('text');
    }
  });

  it('end with the day; what yesterday’s sealed still opens', async () => {
    const house = given();
    const ring = ringOf(house);
    const first = await ring.seal('a', place);
    house.pass(dayMs);
    const second = await ring.seal('b', place);
    expect([keyNameOf(first), keyNameOf(second)]).toEqual([{ day: 20_819 }, { day: 20_820 }]);
    expect([await ring.open(first, place), await ring.open(second, place)]).toEqual(['a', 'b']);
    expect([...house.aws.database.items('data_keys')]).toHaveLength(2);
  });

  it('cost nothing while they are kept', async () => {
    const house = given();
    const ring = ringOf(house);
    await ring.open(await ring.seal('a', place), place);
    const before = house.calls.length;
    for (let use = 0; use < 20; use += 1) await ring.open(await ring.seal('a', place), place);
    expect(house.calls).toHaveLength(before);
  });

  it('are not made by who may not: until somebody has, it seals under a key of its own, which everybody can open', async () => {
    const house = given();
    const early = await ringOf(house, foundKeys).seal('early', place);
    expect(keyNameOf(early)).toHaveProperty('wrapped');
    const ring = ringOf(house);
    const sealed = await ring.seal('late', place);
    expect(await ring.open(early, place)).toBe('early');
    const reader = ringOf(house, foundKeys);
    expect(await reader.open(sealed, place)).toBe('late');
    expect(keyNameOf(await reader.seal('x', place))).toEqual({ day: 20_819 });
  });

  it('that are gone, or out of reach, are told apart from what was altered', async () => {
    const house = given();
    const sealed = await ringOf(house).seal('text', place);
    await expect(keyring(house.platform).open(sealed, place)).rejects.toThrow('out of reach');
    await expect(ringOf(house).open(sealed, { ...place, tenant: 'ten_2' })).rejects.toThrow('key is gone');
    const [row] = house.aws.database.items('data_keys');
    house.aws.database.call('DeleteItem', { TableName: 'data_keys', Key: { pk: row?.pk, sk: row?.sk } });
    await expect(ringOf(house).open(sealed, place)).rejects.toThrow('key is gone');
  });

  it('do not open for another tenant or day, though their rows were exchanged', async () => {
    const house = given();
    await ringOf(house).seal('text', place);
    const sealed = await ringOf(house).seal('text', elsewhere);
    const [one] = house.aws.database.items('data_keys');
    house.aws.database.call('PutItem', { TableName: 'data_keys', Item: { ...one, pk: { S: 'ten_2' } } });
    await expect(ringOf(house).open(sealed, elsewhere)).rejects.toThrow('not of this key and context');
  });
});

describe('[ENC-4] platform secrets', () => {
  const told = (SecretString: string | undefined) => () => ({ SecretString });

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
    answers.instead = told('{"current":"1","1":"a"}');
    const secret = platformSecret(platform, 'peppers');
    await secret();
    answers.instead = told('{"current":"2","1":"a","2":"b"}');
    pass(cacheLimits.secretRecheckMs - 1);
    expect((await secret('2')).key('2')).toBeUndefined();
    expect(asked('GetSecretValue')).toBe(1);
    pass(1);
    expect((await secret('1')).current).toBe('1');
    expect((await secret()).current).toBe('1');
    expect(asked('GetSecretValue')).toBe(1);
    expect((await secret('2')).key('2')).toBeDefined();
    expect(asked('GetSecretValue')).toBe(2);
    expect((await secret('made up')).current).toBe('2');
    expect(asked('GetSecretValue')).toBe(2);
  });

  it('that could not be had are asked for again', async () => {
    const { platform, answers } = given();
    const secret = platformSecret(platform, 'peppers');
    answers.instead = told('nonsense');
    await expect(secret()).rejects.toThrow('is not of the form');
    answers.instead = () => undefined;
    expect((await secret()).current).toBe('1');
  });

  it('that failed to be had in the meantime are those that were had before', async () => {
    const { platform, pass } = given();
    const waiting: { resolve: (answer: object) => void; reject: (error: Error) => void }[] = [];
    const send = () => new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    const secret = platformSecret({ ...platform, secretsManager: { send } } as unknown as typeof platform, 'peppers');
    const first = secret();
    const early = secret('2');
    pass(cacheLimits.secretMs);
    const late = secret();
    waiting[1]?.reject(new Error('away'));
    await expect(late).rejects.toThrow('away');
    waiting[0]?.resolve({ SecretString: '{"current":"1","1":"a"}' });
    expect((await early).current).toBe('1');
    expect(await early).toBe(await first);
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
