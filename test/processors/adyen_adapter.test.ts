// The adapter to Adyen where it differs from the others: its results and errors, what it is asked, its key.

import { inspect } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Secret } from '../../lambdas/kernel/crypto/secret.ts';
import { factOfSend } from '../../lambdas/processors/adyen/facts.ts';
import { adyenLimits, adyenProcessor, adyenTransport } from '../../lambdas/processors/adyen/processor.ts';
import { loopbackTransport } from '../../lambdas/processors/https_exchange.ts';
import { adyenKey, merchantAccount, storedCard } from '../../processor/stand_ins/adyen_stub.ts';
import { type Given, type ProviderServer, providerServer } from '../../processor/stand_ins/provider_server.ts';
import { chargeOrder, modificationOrder } from './processor_process.ts';

const unknown = { kind: 'unknown' };
const order = chargeOrder(storedCard('approved'));
const refund = modificationOrder('refund', order, 'PSP1', 200);
const named = { pspReference: 'PSP1', merchantReference: order.reference };
const good = { resultCode: 'Authorised', ...named, amount: { value: 1000, currency: 'EUR' } };
const received = {
  merchantAccount,
  status: 'received',
  pspReference: 'PSP2',
  paymentPspReference: 'PSP1',
  reference: `${order.reference}-${refund.id}`,
  amount: { value: 200, currency: 'EUR' },
};
const account = { apiKey: new Secret(adyenKey), merchantAccount };
const redirect = { type: 'redirect', method: 'GET', url: 'https://adyen.example/3ds' };

let given: Given = { status: 200, body: good };
let server: ProviderServer;
const adapter = () =>
  adyenProcessor({ ...account, multiplePartialCaptures: 'enabled' }, loopbackTransport(server.url, adyenLimits));
beforeAll(async () => {
  server = await providerServer(() => given);
});
afterAll(() => server.stop());

const answers: Record<string, Given> = {
  'a key in use': { status: 422, body: { errorType: 'validation', errorCode: '704' } },
  'a key in use, answered as a conflict': { status: 409, body: { errorType: 'validation', errorCode: '704' } },
  'a store of keys that does not answer': { status: 503, body: { errorType: 'internal', errorCode: '703' } },
  'too many requests': { status: 429, body: { errorType: 'validation', errorCode: '0' } },
  'a fault of Adyen': { status: 500, body: { errorType: 'internal', errorCode: '905' } },
  'a fault of some other set-up': { status: 500, body: { errorType: 'configuration', errorCode: '1' } },
  'a fault that looks like a refusal': { status: 500, body: { errorType: 'validation', errorCode: '905' } },
  'an unheard-of result': { status: 200, body: { ...good, resultCode: 'Fine' } },
  'approved in part': { status: 200, body: { ...good, resultCode: 'PartiallyAuthorised' } },
  'approved without an amount': { status: 200, body: { ...good, amount: undefined } },
  'another amount': { status: 200, body: { ...good, amount: { value: 1, currency: 'EUR' } } },
  'another currency': { status: 200, body: { ...good, amount: { value: 1000, currency: 'USD' } } },
  'another payment': { status: 200, body: { ...good, merchantReference: 'pay_other' } },
  'approved without a name of ours': { status: 200, body: { ...good, merchantReference: undefined } },
  'a decline of another payment': { status: 200, body: { resultCode: 'Refused', merchantReference: 'pay_other' } },
  'an id that is a path': { status: 200, body: { ...good, pspReference: 'PSP1/../x' } },
  'a challenge without an address': { status: 200, body: { resultCode: 'RedirectShopper' } },
  'a challenge of an unheard-of method': {
    status: 200,
    body: { resultCode: 'RedirectShopper', action: { ...redirect, method: 'PUT' } },
  },
  'a challenge that a browser would run': {
    status: 200,
    body: { resultCode: 'RedirectShopper', action: { ...redirect, url: 'javascript:alert(1)' } },
  },
  'no JSON': { status: 200, body: '<html>' },
};
test.for(Object.entries(answers))('[PAY-1] %s is unknown', async ([, answer]) => {
  given = answer;
  expect(await adapter().send(order, 'k.1', 2_000)).toEqual(unknown);
  expect(await adapter().send(refund, 'k.2', 2_000)).toEqual(unknown);
});

test.for([
  ['a key that is not known', 401, { errorType: 'security', errorCode: '000' }],
  ['a key that may not do this', 403, { errorType: 'security', errorCode: '010' }],
  ['a merchant account that is none, or another’s', 403, { errorType: 'security', errorCode: '901' }],
  ['an account that is not set up for it', 422, { errorType: 'configuration', errorCode: '905' }],
  [
    'an account that is not set up for it, answered as a fault',
    500,
    { errorType: 'configuration', errorCode: '905_1' },
  ],
  ['a field that Adyen does not know', 400, { errorType: 'validation', errorCode: '702' }],
] as const)('[PAY-1] %s moves nothing, and is said to be the set-up', async ([, status, body]) => {
  given = { status, body };
  expect(await adapter().send(order, 'k.1', 2_000)).toEqual({ kind: 'misconfigured' });
  expect(await adapter().send(refund, 'k.2', 2_000)).toEqual({ kind: 'misconfigured' });
});

test('[PAY-1] a refused set-up says nothing of a request that may have arrived before on a broken connection', () => {
  const reply = { status: 403, body: { errorType: 'security', errorCode: '010' } };
  expect(factOfSend(order, { merchantAccount }, reply)).toEqual({ kind: 'misconfigured' });
  expect(factOfSend(order, { merchantAccount }, { ...reply, resent: true })).toEqual(unknown);
});

const modifications: Record<string, object> = {
  'another payment': { paymentPspReference: 'PSP9' },
  'another order': { reference: `${order.reference}-ref_other` },
  'another amount': { amount: { value: 1, currency: 'EUR' } },
  'another merchant account': { merchantAccount: 'Other' },
  'another status': { status: 'done' },
};
test.for(Object.entries(modifications))('[PAY-1] a refund received for %s is unknown', async ([, changes]) => {
  given = { status: 201, body: { ...received, ...changes } };
  expect(await adapter().send(refund, 'k.1', 2_000)).toEqual(unknown);
  given = { status: 201, body: received };
  expect(await adapter().send(refund, 'k.1', 2_000)).toEqual({ kind: 'pending', charge: 'PSP1' });
});

test.for([
  ['Authorised', { kind: 'approved', charge: 'PSP1', captured: true }],
  ['Received', { kind: 'pending', charge: 'PSP1' }],
  ['Pending', { kind: 'pending', charge: 'PSP1' }],
  ['Refused', { kind: 'declined', declineCode: 'insufficient_funds' }],
  ['Error', { kind: 'declined', declineCode: 'processing_error' }],
  ['Cancelled', { kind: 'declined', declineCode: null }],
] as const)('the result %s is understood', async ([resultCode, fact]) => {
  given = { status: 200, body: { ...good, resultCode, refusalReasonCode: '12', refusalReason: 'text of Adyen' } };
  const answer = await adapter().send(order, 'k.1', 2_000);
  expect(answer).toMatchObject(fact);
  expect(JSON.stringify(answer)).not.toContain('Adyen');
});

test('a challenge before Adyen has named its payment is held under our own name', async () => {
  given = { status: 200, body: { resultCode: 'RedirectShopper', action: redirect } };
  expect(await adapter().send(order, 'k.1', 2_000)).toEqual({
    kind: 'requires_action',
    charge: order.reference,
    url: redirect.url,
  });
});

test('a refusal is final, and says nothing in the words of Adyen', async () => {
  given = { status: 422, body: { errorType: 'validation', errorCode: '167', message: 'text of Adyen' } };
  const fact = await adapter().send(refund, 'k.1', 2_000);
  expect(fact).toMatchObject({ kind: 'declined', declineCode: null });
  expect(JSON.stringify(fact)).not.toContain('Adyen');
});

test('Adyen is asked for what the order says, under its key, and when to capture', async () => {
  given = { status: 500, body: '' };
  const sent = async (asked: Parameters<ReturnType<typeof adapter>['send']>[0]) => {
    await adapter().send(asked, `${asked.id}.1`, 2_000);
    const call = server.calls.at(-1);
    expect(call?.headers).toMatchObject({ 'x-api-key': adyenKey, 'idempotency-key': `${asked.id}.1` });
    expect(`${call?.path} ${call?.body}`).not.toContain(adyenKey);
    return { path: call?.path, ...JSON.parse(call?.body ?? '') };
  };
  expect(await sent(order)).toMatchObject({
    path: '/payments',
    amount: { value: 1000, currency: 'EUR' },
    reference: order.reference,
    captureDelayHours: 0,
    shopperReference: 'shopper_1',
    paymentMethod: { type: 'scheme', storedPaymentMethodId: 'APPROVED00000000' },
  });
  expect(await sent({ ...order, capture: false })).toMatchObject({ additionalData: { manualCapture: 'true' } });
  const reference = `${order.reference}-${refund.id}`;
  expect(await sent(refund)).toEqual({
    path: '/payments/PSP1/refunds',
    merchantAccount,
    reference,
    amount: { value: 200, currency: 'EUR' },
  });
  expect(await sent({ ...refund, kind: 'void' })).toEqual({
    path: '/payments/PSP1/cancels',
    merchantAccount,
    reference,
  });
});

test('[PAY-1] a currency that Adyen counts otherwise is refused before anything is sent', async () => {
  const before = server.calls.length;
  for (const currency of ['CLP', 'CVE', 'IDR', 'ISK']) {
    expect(await adapter().send({ ...order, currency }, 'k.1', 2_000)).toMatchObject({ kind: 'declined' });
  }
  expect(await adapter().lookUp(order, 2_000)).toEqual(unknown);
  expect(server.calls).toHaveLength(before);
});

test('the key of an account goes out over TLS, or to this machine, or not at all; a wrong one is not repeated', () => {
  expect(() => adyenTransport('http://checkout-test.adyen.com/v71')).toThrow(TypeError);
  expect(inspect(adapter(), { depth: 9, showHidden: true })).not.toContain(adyenKey);
  for (const apiKey of ['', 'secret', 'secretsecretsecretsecret\r\nx: y']) {
    const wrong = { ...account, multiplePartialCaptures: 'enabled', apiKey: new Secret(apiKey) } as const;
    expect(() => adyenProcessor(wrong, loopbackTransport(server.url, adyenLimits))).toThrow(/^(?!.*secret)/);
  }
});
