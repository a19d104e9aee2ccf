// How each operation is asked for what it does, with marks in every field that takes a caller's own words. The order is the
// order of asking: what is made first is what later ones name.

import { apiVersions } from '../../contract/kernel/api_versions.ts';
import { business, keyBody, person } from './bodies.ts';
import type { Words } from './words.ts';

export interface Request {
  /** The operations that made what the path names; "tenant" is the one that asks. */
  readonly under?: readonly string[];
  readonly body?: Record<string, unknown>;
  readonly query?: Record<string, string>;
  /** Absent: the tenant's key. A reviewer is an operator too, and another person. */
  readonly as?: 'operator' | 'reviewer';
  /** A list that stays empty. */
  readonly findsNothing?: true;
}

export interface Scene {
  /** Where the tenant's receiver of webhooks listens. */
  readonly listen: string;
  readonly words: Words;
  /** The id of what an operation made first. */
  made(operation: string): string;
  /** What the tenant submitted last, to be verified. */
  submission(): string;
}

type Ask = (scene: Scene) => Request | readonly Request[];

/** IPv6, of 14 digits. */
const addressOf = (digits: string): string => `2001:${digits.match(/\d{1,4}/g)?.join(':')}::1`;

const payment = 'payments/create';
const endpoint = 'webhook_endpoints/create';
const wholeListed: Request = { query: { limit: '100' } };
const wholeList: Ask = () => wholeListed;
const listUnderPayment: Ask = () => ({ under: [payment], query: { limit: '100' } });
const underEndpoint: Ask = () => ({ under: [endpoint] });
const emptyUnderEndpoint: Ask = () => ({ under: [endpoint], body: {} });
const underPaymentMethod: Ask = () => ({ under: ['customers/create', 'payment_methods/create'] });
const oneHour = () => ({
  from: new Date(Date.now() - 7_200_000).toISOString(),
  to: new Date(Date.now() - 3_600_000).toISOString(),
});
/** An operator decides about a tenant that an operator made, whose id is in the path. */
const ofNewTenant = (body?: Record<string, unknown>): Request => ({
  as: 'operator',
  under: ['tenants/create'],
  ...(body && { body }),
});
const decidedBy = (as: 'operator' | 'reviewer', decision: Record<string, unknown>): Request => ({
  as,
  under: ['tenant'],
  body: decision,
});

const inOneHour = () => new Date(Date.now() + 3_600_000).toISOString();

export const requests: Readonly<Record<string, Ask>> = {
  'tenants/create': ({ words }) => ({
    as: 'operator',
    body: { name: words.text('name', 100), zone: 'us', metadata: words.metadata() },
  }),
  'tenants/get': () => ({ as: 'operator', under: ['tenants/create'] }),
  'tenants/update': ({ words }) => ({
    as: 'operator',
    under: ['tenants/create'],
    body: { name: words.text('name', 100), metadata: words.metadata() },
  }),
  'tenants/create_key': ({ words }) => ({
    as: 'operator',
    under: ['tenants/create'],
    body: keyBody(words),
  }),
  'tenants/list': () => ({
    as: 'operator',
    query: {
      limit: '1',
      verification: 'unverified',
      suspended: 'false',
      'created[gte]': '2026-01-01T00:00:00Z',
      'created[lt]': '2099-01-01T00:00:00Z',
    },
  }),
  'tenants/suspend': () => ofNewTenant({ reason: 'other', refunds: 'stop' }),
  'tenants/resume': () => ofNewTenant({}),
  'tenants/close': () => ofNewTenant({}),
  'business/update': ({ words }) => ({ body: business(words) }),
  'business/get': () => ({}),
  'business/submit': () => ({ body: {} }),
  'tenants/get_business': () => ({ as: 'operator', under: ['tenant'] }),
  'tenants/propose_verification': ({ submission }) =>
    decidedBy('operator', { decision: 'reject', reason: 'other', submission: submission() }),
  'tenants/confirm_verification': ({ submission }) =>
    decidedBy('reviewer', { decision: 'reject', submission: submission() }),
  'webhook_endpoints/create': ({ words, listen }) =>
    ['rejects', 'accepts'].map((answers) => ({
      body: {
        url: `${listen}/${answers}/${words.one('url', 'secret')}`,
        events: ['*'],
        api_version: apiVersions[0],
        ordering: 'none',
        description: words.text('description', 500),
        metadata: words.metadata(),
      },
    })),
  'webhook_endpoints/list': wholeList,
  'webhook_endpoints/get': underEndpoint,
  'webhook_endpoints/update': ({ words, listen }) => ({
    under: [endpoint],
    body: {
      url: `${listen}/rejects/${words.one('url', 'secret')}`,
      events: ['*'],
      api_version: apiVersions[0],
      ordering: 'none',
      status: 'enabled',
      description: words.text('description', 500),
      metadata: words.metadata(),
    },
  }),
  'webhook_endpoints/verify': emptyUnderEndpoint,
  'webhook_endpoints/rotate_secret': emptyUnderEndpoint,
  'keys/create': ({ words }) => ({ body: keyBody(words) }),
  'keys/list': ({ made }): Request[] => [
    wholeListed,
    { query: { created_by: made('keys/create') }, findsNothing: true },
  ],
  'keys/rotate': () => ({ under: ['keys/create'], body: {} }),
  'connections/create': ({ words }) => [
    { body: { provider: 'test', metadata: words.metadata() } },
    {
      body: {
        provider: 'stripe',
        api_key: words.one('api_key', 'secret', (word) => `sk_test_${word}`),
        webhook_secret: words.one('webhook_secret', 'secret', (word) => `whsec_${word}${word}`),
        publishable_key: words.one('publishable_key', 'name', (word) => `pk_test_${word}`),
        metadata: words.metadata(),
      },
    },
    {
      body: {
        provider: 'adyen',
        api_key: words.one('api_key', 'secret', (word) => `AQE${word}${word}`),
        merchant_account: words.one('merchant_account', 'name', (word) => `Shop-${word}`),
        hmac_key: words.one('hmac_key', 'secret', (word) => Buffer.from(word + word).toString('hex')),
        multiple_partial_captures: 'enabled',
        client_key: words.one('client_key', 'name', (word) => `test_${word.toUpperCase()}`),
        metadata: words.metadata(),
      },
    },
  ],
  'connections/get_defaults': () => ({}),
  'connections/set_defaults': ({ made }) => ({ body: { currencies: { '*': [made('connections/create')] } } }),
  'connections/update': ({ words }) => [
    {
      under: ['connections/create#0'],
      body: {
        provider: 'test',
        webhook_secret: words.one('webhook_secret', 'secret', (word) => `whsec_${word}${word}`),
        metadata: words.metadata(),
      },
    },
    {
      under: ['connections/create#1'],
      body: {
        provider: 'stripe',
        api_key: words.one('api_key', 'secret', (word) => `sk_test_${word}`),
        publishable_key: words.one('publishable_key', 'name', (word) => `pk_test_${word}`),
      },
    },
    {
      under: ['connections/create#2'],
      body: {
        provider: 'adyen',
        hmac_key: words.one('hmac_key', 'secret', (word) => Buffer.from(word + word).toString('hex')),
        client_key: words.one('client_key', 'name', (word) => `test_${word.toUpperCase()}`),
      },
    },
  ],
  'connections/list': wholeList,
  'connections/get': () => ({ under: ['connections/create'] }),
  'customers/create': ({ words }) => ({ body: person(words) }),
  'customers/get': () => ({ under: ['customers/create'] }),
  'customers/list': ({ words }) => ({
    findsNothing: true,
    query: { limit: '100', email: words.one('email', 'email') },
  }),
  'customers/update': ({ words }) => ({ under: ['customers/create'], body: person(words) }),
  'payments/create': ({ words, made }) =>
    [
      {
        capture_method: 'manual',
        customer: made('customers/create'),
        setup_future_usage: 'off_session',
        off_session: false,
      },
      { payment_method: 'pm_test_declined', connection: made('connections/create') },
      { payment_method: 'pm_test_3ds', connection: made('connections/create') },
      // Its payer chooses, and never does.
      { payment_method: undefined, connection: made('connections/create'), expires_at: inOneHour() },
    ].map((more) => ({
      body: {
        amount: 1999,
        currency: 'EUR',
        payment_method: 'pm_test_visa',
        return_url: `https://shop.example.com/back?session=${words.one('return_url', 'secret')}`,
        payer_address: words.one('payer_address', 'phone', addressOf),
        description: words.text('description', 500),
        reference: words.text('reference', 200),
        metadata: words.metadata(),
        ...more,
      },
    })),
  'payment_methods/create': ({ words, made }) => [
    {
      under: ['customers/create'],
      body: {
        token: words.one('token', 'secret', (word) => `pm_${word}`),
        processor_customer: words.one('processor_customer', 'secret', (word) => `cus_${word}`),
        connection: made('connections/create'),
        card: { brand: words.one('card', 'name', (word) => `b${word}`), last4: '4242', exp_month: 12, exp_year: 2099 },
      },
    },
    { under: ['customers/create'], body: { payment: made(payment) } },
  ],
  'payment_methods/list': () => ({ under: ['customers/create'], query: { limit: '100' } }),
  'payment_methods/get': underPaymentMethod,
  'payments/update': ({ words }) => ({
    under: [payment],
    body: {
      description: words.text('description', 500),
      reference: words.text('reference', 200),
      metadata: words.metadata(),
    },
  }),
  'payments/confirm': ({ words }) => ({
    under: [`${payment}#3`],
    body: {
      redirect_result: words.one('redirect_result', 'secret'),
      session_result: words.one('session_result', 'secret'),
      details: words.one('details', 'secret'),
    },
  }),
  'payments/cancel': () => ({ under: [`${payment}#3`], body: {} }),
  'payments/get': () => ({ under: [payment] }),
  'payments/list': ({ made, words }): readonly Request[] => [
    { query: { limit: '100', reference: words.one('reference', 'name') }, findsNothing: true },
    {
      query: {
        ...{ limit: '100', status: 'authorized', customer: made('customers/create') },
        ...{ 'created[gte]': '2020-01-01T00:00:00Z', 'created[lt]': inOneHour() },
      },
    },
  ],
  'payments/capture': () => ({ under: [payment], body: { amount: 1000 } }),
  'captures/list': listUnderPayment,
  'captures/get': () => ({ under: [payment, 'payments/capture'] }),
  'payments/refund': ({ words }) => ({
    under: [payment],
    body: { amount: 100, reason: words.text('reason', 200), despite_dispute: true },
  }),
  'refunds/list_all': () => ({
    query: { limit: '100', status: 'succeeded', 'created[gte]': '2020-01-01T00:00:00Z', 'created[lt]': inOneHour() },
    findsNothing: true,
  }),
  'refunds/list': listUnderPayment,
  'refunds/get': () => ({ under: [payment, 'payments/refund'] }),
  'payments/void': () => ({ under: [payment], body: {} }),
  'voids/list': listUnderPayment,
  'voids/get': () => ({ under: [payment, 'payments/void'] }),
  'events/list': wholeList,
  'events/get': () => ({ under: ['events/list'] }),
  'webhook_endpoints/test': emptyUnderEndpoint,
  'webhook_endpoints/replay': () => ({ under: [endpoint], body: oneHour() }),
  'replays/get': () => ({ under: ['webhook_endpoints/replay'] }),
  'deliveries/list': () => ({ under: [endpoint], query: { limit: '100' } }),
  'deliveries/get': () => ({ under: ['deliveries/list'] }),
  'deliveries/retry': () => ({ under: ['deliveries/list'], body: {} }),
  'deliveries/skip': () => ({ under: ['deliveries/list'], body: {} }),
  'audit_entries/list': ({ words }) => ({
    findsNothing: true,
    query: {
      actor: words.one('actor', 'name', (word) => word),
      action: words.one('action', 'secret'),
      target: words.one('target', 'name', (word) => word),
      ...oneHour(),
      limit: '1',
    },
  }),
  'payment_methods/delete': underPaymentMethod,
  'customers/delete': () => ({ under: ['customers/create'] }),
  'keys/revoke': () => ({ under: ['keys/create'], query: { descendants: 'revoke' } }),
  'connections/delete': () => ({ under: ['connections/create'] }),
  'webhook_endpoints/delete': underEndpoint,
};
