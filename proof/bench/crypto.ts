// Seal, open, sign and verify as the product does them, against the same work written straight onto node:crypto: what the
// envelope, the cache of keys and the keyed digests add. Nothing of AWS is in it; the data key is there already.

import { createCipheriv, createDecipheriv, createHmac, createSecretKey, randomBytes } from 'node:crypto';
import { mintCredential, parseCredential, verifySecret } from '../../lambdas/kernel/crypto/credential.ts';
import { digests } from '../../lambdas/kernel/crypto/digest.ts';
import { keyring } from '../../lambdas/kernel/crypto/keyring.ts';
import { parseVersionedKeys } from '../../lambdas/kernel/crypto/platform_secrets.ts';
import { readConfig } from '../../lambdas/kernel/platform/config.ts';
import { answeredClients } from '../../test/kit/aws/answered.ts';
import { environment } from '../../test/kit/aws/environment.ts';
import type { Bench, Row } from './measure.ts';

const bytes = 300;
const blocks = 41;
const times = 2_000;

/** CPU microseconds of one, the least of blocks that take turns: what is that short, other work only ever lengthens. */
async function least(own: () => unknown, raw: () => unknown): Promise<{ own: number; raw: number }> {
  const block = async (work: () => unknown): Promise<number> => {
    const before = process.cpuUsage();
    for (let at = 0; at < times; at += 1) {
      const done = work();
      if (done instanceof Promise) await done;
    }
    const { user, system } = process.cpuUsage(before);
    return (user + system) / times;
  };
  const found = { own: Number.POSITIVE_INFINITY, raw: Number.POSITIVE_INFINITY };
  for (let at = 0; at < blocks; at += 1) {
    found.own = Math.min(found.own, await block(own));
    found.raw = Math.min(found.raw, await block(raw));
  }
  return found;
}

/** The same work twice: as the product does it, and straight onto node:crypto. */
interface Work {
  readonly own: () => unknown;
  readonly raw: () => unknown;
}

async function rowOf(name: string, { own, raw }: Work, most?: number): Promise<Row> {
  const found = await least(own, raw);
  return {
    name,
    unit: 'µs',
    ours: found.own,
    reference: found.raw,
    ...(most !== undefined && { target: { of: 'ratio', most } as const }),
  };
}

const text = 'x'.repeat(bytes);

async function sealWork(key: Buffer): Promise<{ readonly seal: Work; readonly open: Work }> {
  const rawKey = createSecretKey(key);
  const { kms } = answeredClients(async () => ({ CiphertextBlob: Buffer.alloc(184), Plaintext: Buffer.from(key) }));
  const platform = { clock: Date.now, config: readConfig(environment('bench', 'http://127.0.0.1:1')), kms };
  const ring = keyring(platform, 'tenant', { load: async () => Buffer.alloc(184), keep: async () => true });
  const place = {
    tenant: 'ten_us_a',
    mode: 'test',
    purpose: 'reply',
    table: 'payments',
    item: 'pay_us_a',
    field: 'reply',
  } as const;
  const sealed = await ring.seal(text, place);

  // What binds a ciphertext to its place is part of the work, whoever does it.
  const { tenant, mode, purpose, table, item, field } = place;
  const aad = () => Buffer.from(JSON.stringify([1, 20_000, 0, 'us', tenant, mode, purpose, table, item, field]));
  const rawSeal = () => {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', rawKey, nonce).setAAD(aad());
    return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  };
  const rawSealed = rawSeal();
  const rawOpen = () => {
    const decipher = createDecipheriv('aes-256-gcm', rawKey, rawSealed.subarray(0, 12), { authTagLength: 16 })
      .setAAD(aad())
      .setAuthTag(rawSealed.subarray(-16));
    return Buffer.concat([decipher.update(rawSealed.subarray(12, -16)), decipher.final()]).toString('utf8');
  };
  return {
    seal: { own: () => ring.seal(text, place), raw: rawSeal },
    open: { own: () => ring.open(sealed, place), raw: rawOpen },
  };
}

function signWork(key: Buffer): { readonly sign: Work; readonly verify: Work } {
  const rawKey = createSecretKey(key);
  const peppers = parseVersionedKeys(JSON.stringify({ current: '1', 1: key.toString('hex') }));
  const id = 'key_us_4kq2zmd7xw3htbn6rvcgy5jesa';
  const minted = mintCredential(id, 'test', 'us', (count) => randomBytes(count), peppers);
  const credential = parseCredential(`Bearer ${minted.text.reveal()}`, 'test');
  if (credential === null) throw new Error('A fresh credential was not understood');
  const digest = digests(async () => peppers);
  const body = { amount: 1999, currency: 'EUR', description: 'x'.repeat(bytes - 60) };
  const bodyText = JSON.stringify(body);
  return {
    sign: { own: () => digest.of(body), raw: () => createHmac('sha256', rawKey).update(bodyText).digest() },
    verify: {
      own: () => verifySecret(credential, minted.stored, peppers),
      raw: () => createHmac('sha256', rawKey).update(text).digest('base64url'),
    },
  };
}

export const crypto: Bench = {
  name: 'crypto',
  about: `CPU µs of one, ${bytes} bytes, against raw node:crypto`,
  run: async () => {
    const key = randomBytes(32);
    const { seal, open } = await sealWork(key);
    const { sign, verify } = signWork(key);
    return [
      await rowOf('seal', seal, 1.3),
      await rowOf('open', open, 1.3),
      await rowOf('sign a body (JCS, HMAC)', sign),
      await rowOf('verify a credential', verify),
    ];
  },
};
