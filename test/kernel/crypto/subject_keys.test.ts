// A data subject's key opens what is its own alone, and nothing once its wrapped form is gone.

import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { keyring } from '../../../lambdas/kernel/crypto/keyring.ts';
import { subjectKeys } from '../../../lambdas/kernel/crypto/subject_keys.ts';
import { readConfig } from '../../../lambdas/kernel/platform/config.ts';
import { dataKeys } from '../../../lambdas/kernel/store/data_keys.ts';
import { type AwsCall, answeredClients } from '../../kit/aws/answered.ts';
import { environment } from '../../kit/aws/environment.ts';
import { memoryAws } from '../../kit/aws/memory.ts';

const subject = { tenant: 'ten_1', mode: 'test', id: 'cus_1' } as const;
const context = { purpose: 'person', table: 'subjects', item: 'cus_1', field: 'person' };

function given() {
  const aws = memoryAws({ now: () => Date.UTC(2027, 0, 1), random: (bytes) => randomBytes(bytes) });
  const calls: AwsCall[] = [];
  const clients = answeredClients(async (call) => {
    calls.push(call);
    return aws.answer(call);
  });
  const drawn: Uint8Array[] = [];
  const random = (bytes: number): Uint8Array => {
    const some = randomBytes(bytes);
    drawn.push(some);
    return some;
  };
  const config = readConfig(environment('test', 'http://127.0.0.1:1'));
  const platform = { ...clients, config, random, clock: () => Date.UTC(2027, 0, 1), sleep: async () => {} };
  const pii = keyring(platform, 'pii', dataKeys(platform));
  return { aws, calls, drawn, pii, keys: subjectKeys(platform, pii) };
}

it('[ENC-3] opens what it sealed, in its place alone, from its wrapped form', async () => {
  const { keys } = given();
  const { wrapped, key } = await keys.make(subject);
  const sealed = key.seal('Zoë', context);
  const again = await keys.unwrap(wrapped, subject);
  expect(again.open(sealed, context)).toBe('Zoë');
  for (const field of ['purpose', 'table', 'item', 'field'] as const) {
    expect(() => again.open(sealed, { ...context, [field]: 'other' })).toThrow('not_authentic');
  }
});

it('[DSR-2] does not unwrap as another’s: other subject, tenant or mode', async () => {
  const { keys } = given();
  const { wrapped } = await keys.make(subject);
  await keys.make({ ...subject, tenant: 'ten_2' });
  await expect(keys.unwrap(wrapped, { ...subject, id: 'cus_2' })).rejects.toMatchObject({ reason: 'not_authentic' });
  await expect(keys.unwrap(wrapped, { ...subject, mode: 'live' })).rejects.toMatchObject({ reason: 'not_authentic' });
  await expect(keys.unwrap(wrapped, { ...subject, tenant: 'ten_2' })).rejects.toMatchObject({
    reason: 'not_authentic',
  });
});

it('[DSR-2] of two subjects open nothing of each other, though all else is alike', async () => {
  const { keys } = given();
  const [one, other] = [await keys.make(subject), await keys.make(subject)];
  expect(() => other.key.open(one.key.seal('Zoë', context), context)).toThrow('not_authentic');
});

it('[ENC-2] asks KMS once for a tenant and day, however many subjects it has, and leaves no plaintext behind', async () => {
  const { keys, calls, drawn, aws } = given();
  const made = [];
  for (let each = 0; each < 10; each += 1) made.push(await keys.make({ ...subject, id: `cus_${each}` }));
  for (const [each, { wrapped }] of made.entries()) await keys.unwrap(wrapped, { ...subject, id: `cus_${each}` });
  expect(calls.filter(({ service }) => service === 'kms')).toHaveLength(1);
  expect([...aws.database.items('data_keys')].map(({ pk }) => pk?.S)).toEqual(['ten_1#pii']);
  expect(drawn.every((bytes) => bytes.every((byte) => byte === 0))).toBe(true);
});

it('[ENC-3] lies wrapped in its own place: the key of 256 bits that a pii data key opens there', async () => {
  const { keys, pii, drawn } = given();
  const { wrapped } = await keys.make(subject);
  const { tenant, mode, id: item } = subject;
  const at = { tenant, mode, purpose: 'subject_key', table: 'subject_keys', item, field: 'wrapped' };
  expect(await pii.openBytes(wrapped, at)).toHaveLength(32);
  // What was drawn is gone from where it was drawn.
  expect(drawn.every((bytes) => bytes.every((byte) => byte === 0))).toBe(true);
});
