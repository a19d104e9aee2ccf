// The verifier, attacked: nothing is an event but what was signed under the secret, whole, once and lately.

import { createHmac, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  mintWebhookSecret,
  type SignatureHeaders,
  webhookSigner,
} from '../../lambdas/kernel/crypto/webhook_signature.ts';
import { type VerifyOptions, type WebhookHeaders, WebhookVerificationError, webhooks } from '../../sdk/src/index.ts';
import { vectors } from '../../sdk/vectors.ts';

const secret = mintWebhookSecret(randomBytes);
const text = secret.reveal();
const nowSeconds = 1_800_000_000;
const now = () => nowSeconds * 1000;
const body = vectors()[0]?.body ?? '';
const sign = (of: string, timestampSeconds = nowSeconds): SignatureHeaders =>
  webhookSigner([secret])({ id: 'evt_1', timestampSeconds, body: of });
const headers: Record<string, string> = { ...sign(body) };

/** The code of the refusal, or the type of the event. */
const outcome = (
  raw: unknown,
  given: WebhookHeaders = headers,
  secrets: string | readonly string[] = text,
  options: VerifyOptions = {},
): Promise<string> =>
  webhooks.verify(raw as string, given, secrets, { now, ...options }).then(
    ({ type }) => type,
    (thrown) => {
      if (thrown instanceof WebhookVerificationError) return thrown.code;
      throw thrown;
    },
  );

const only = (...names: string[]) => Object.fromEntries(names.map((name) => [name, headers[name] ?? '']));

describe('[WHK-1] webhooks.verify', () => {
  it('gives back the event that was signed', async () => {
    expect(await webhooks.verify(body, headers, text, { now })).toEqual(JSON.parse(body));
  });

  it('takes the body as text, bytes or a Buffer, and a part of a longer buffer as that part', async () => {
    const longer = Buffer.from(`xx${body}xx`);
    for (const raw of [body, new TextEncoder().encode(body), Buffer.from(body), longer.subarray(2, -2)]) {
      expect(await outcome(raw)).toBe('payment.captured');
    }
  });

  it('parses what it verified, though the buffer is filled anew meanwhile', async () => {
    const raw = Buffer.from(body);
    const verified = webhooks.verify(raw, headers, text, { now });
    raw.write(body.replace('1999', '9999'));
    expect(await verified).toEqual(JSON.parse(body));
  });

  it.each([JSON.parse(body), undefined, null, 1, [body], new DataView(new ArrayBuffer(8)), new Uint16Array(4)])(
    'takes no body that something has parsed: case %#',
    async (raw) => {
      expect(await outcome(raw)).toBe('body_not_raw');
    },
  );

  it('takes Headers, and names in any case', async () => {
    expect(await outcome(body, new Headers(headers))).toBe('payment.captured');
    const loud = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), [value]]));
    expect(await outcome(body, loud)).toBe('payment.captured');
  });

  it.each([
    {},
    only('webhook-id', 'webhook-timestamp'),
    only('webhook-id', 'webhook-signature'),
    only('webhook-timestamp', 'webhook-signature'),
    { ...only('webhook-id', 'webhook-timestamp', 'webhook-signature'), 'webhook-id': undefined },
    { 'strongroom-signature': '' },
    { 'strongroom-signature': (headers['strongroom-signature'] ?? '').replace(/^t=\d+,/, '') },
    new Headers(),
  ])('trusts nothing because something is missing: case %#', async (given) => {
    expect(await outcome(body, given)).toBe('signature_missing');
  });

  it.each([
    ['given twice', { 'strongroom-signature': [headers['strongroom-signature'], headers['strongroom-signature']] }],
    ['in two cases', { ...only('strongroom-signature'), 'Strongroom-Signature': headers['strongroom-signature'] }],
    ['an empty list', { 'strongroom-signature': [] }],
  ] as [string, WebhookHeaders][])('a header that is not there exactly once counts as absent: %s', async (_, given) => {
    expect(await outcome(body, given)).toBe('signature_missing');
  });

  it.each(['0', '-1800000000', '+1800000000', '01800000000', '1800000000.0', '1.8e9', ' 1800000000', '0x6b49d200', ''])(
    'a time is digits as we write them: %j',
    async (time) => {
      const timed = `t=${time},${(headers['strongroom-signature'] ?? '').split(',')[1]}`;
      expect(await outcome(body, { 'strongroom-signature': timed })).toBe('signature_missing');
      expect(await outcome(body, { ...only('webhook-id', 'webhook-signature'), 'webhook-timestamp': time })).toBe(
        'signature_missing',
      );
    },
  );

  it('one good signature is enough, of either scheme, whatever stands beside it', async () => {
    const wrong = sign('{}');
    const standard = { ...headers, 'strongroom-signature': wrong['strongroom-signature'] };
    const timed = { ...headers, 'webhook-signature': wrong['webhook-signature'] };
    const many = { ...headers, 'webhook-signature': `v1,AAAA v1a,x v2,y ${headers['webhook-signature']}` };
    for (const given of [standard, timed, many]) expect(await outcome(body, given)).toBe('payment.captured');
    const both = { ...standard, 'webhook-signature': wrong['webhook-signature'] };
    expect(await outcome(body, both)).toBe('signature_mismatch');
  });

  it('a signature of one scheme is none of the other', async () => {
    const base64 = (headers['webhook-signature'] ?? '').slice(3);
    const hex = (headers['strongroom-signature'] ?? '').split('v1=')[1] ?? '';
    const swapped = {
      ...headers,
      'webhook-signature': `v1,${Buffer.from(hex, 'hex').toString('base64')}`,
      'strongroom-signature': `t=${nowSeconds},v1=${Buffer.from(base64, 'base64').toString('hex')}`,
    };
    expect(await outcome(body, swapped)).toBe('signature_mismatch');
  });

  it('one signed text is not read as another id, time and body', async () => {
    // Signed: evt_1.<old>.<now>.{…}. Read with a dot in the id, the same bytes are a delivery of now.
    const old = nowSeconds - 86_400;
    const signed = sign(`${nowSeconds}.${body}`, old);
    const moved = {
      'webhook-id': `evt_1.${old}`,
      'webhook-timestamp': String(nowSeconds),
      'webhook-signature': signed['webhook-signature'],
    };
    expect(await outcome(body, moved)).toBe('signature_missing');
  });

  it('a replay is refused, though its other time is made fresh', async () => {
    const old = sign(body, nowSeconds - 301);
    expect(await outcome(body, { ...old })).toBe('timestamp_out_of_tolerance');
    expect(await outcome(body, { ...old, 'webhook-timestamp': String(nowSeconds) })).toBe('timestamp_out_of_tolerance');
    const freshTimed = old['strongroom-signature'].replace(/\d+/, String(nowSeconds));
    expect(await outcome(body, { ...old, 'strongroom-signature': freshTimed })).toBe('timestamp_out_of_tolerance');
  });

  it.each([Number.NaN, -1])('no tolerance that means nothing lets anything through: %d', async (toleranceSeconds) => {
    expect(await outcome(body, headers, text, { toleranceSeconds })).toBe('timestamp_out_of_tolerance');
  });

  it('a clock that is no number lets nothing through', async () => {
    expect(await outcome(body, headers, text, { now: () => Number.NaN })).toBe('timestamp_out_of_tolerance');
  });

  it.each([
    '',
    [],
    'whsec_',
    'whsec_AAAA',
    ` ${text}`,
    `${text}\n`,
    text.slice('whsec_'.length),
    [text, ''],
    [undefined],
    undefined,
    null,
  ])('without a whole secret nothing is verified: case %#', async (secrets) => {
    await expect(webhooks.verify(body, headers, secrets as string, { now })).rejects.toMatchObject({
      code: 'secret_malformed',
    });
  });

  it.each([
    '',
    '{}',
    '[]',
    'null',
    '"text"',
    '{"id":"evt_1","type":"payment.captured"}',
    `${body}x`,
    body.replace('"data":{', '"data":null,"x":{'),
  ])('what is signed and no event is no event: %j', async (raw) => {
    expect(await outcome(raw, { ...sign(raw) })).toBe('body_malformed');
  });

  it('bytes that are not UTF-8 are no event, though a decoder would make them the signed text', async () => {
    const damaged = Buffer.from(body.replace('EUR', '\u0000\u0000\u0000')).map((byte) => (byte === 0 ? 0xff : byte));
    expect(await outcome(damaged)).toBe('signature_mismatch');
    const replaced = new TextDecoder().decode(damaged);
    expect(await outcome(damaged, { ...sign(replaced) })).toBe('signature_mismatch');
    const signature = createHmac('sha256', text).update(`${nowSeconds}.`).update(damaged).digest('hex');
    expect(await outcome(damaged, { 'strongroom-signature': `t=${nowSeconds},v1=${signature}` })).toBe(
      'body_malformed',
    );
  });

  it('an event of a type that is newer than this library comes through', async () => {
    const newer = body.replace('payment.captured', 'moon.landed');
    expect(await outcome(newer, { ...sign(newer) })).toBe('moon.landed');
  });

  it('no refusal tells the secret or a right signature', async () => {
    const refusals = await Promise.all(
      [
        webhooks.verify(`${body} `, headers, text, { now }),
        webhooks.verify(body, headers, text, { now: () => 0 }),
        webhooks.verify(body, headers, `${text} `, { now }),
      ].map((one) => one.catch((thrown: Error) => `${thrown.stack}${JSON.stringify(thrown)}`)),
    );
    for (const shown of refusals) {
      expect(shown).toContain('WebhookVerificationError');
      expect(shown).not.toContain(text.slice('whsec_'.length));
      expect(shown).not.toMatch(/[0-9a-f]{64}|[A-Za-z0-9+/]{43}=/);
    }
  });
});
