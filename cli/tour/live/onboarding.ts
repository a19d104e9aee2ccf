// The chapters before the first live payment: two operators verify a business, and it connects its own accounts.

import { type Caller, type Tour, text } from '../steps.ts';
import type { Sent } from '../wire.ts';
import { adyenAccount, type Processors, stripeAccount } from './processors.ts';

const keyScopes = ['payments:read', 'payments:write', 'connections:write', 'customers:read', 'customers:write'];
const business = {
  legal_name: 'Blue Bottle Books LLC',
  form: 'company',
  country: 'US',
  registration_number: '12-3456789',
  address: { line1: '1 Main Street', city: 'Springfield', country: 'US' },
  people: [
    {
      roles: ['owner', 'director'],
      first_name: 'Ada',
      last_name: 'Miller',
      birth_date: '1980-01-31',
      address: { line1: '1 Main Street', city: 'Springfield', country: 'US' },
    },
  ],
} as const;

interface Connected {
  readonly id: string;
  readonly ingressUrl: string;
}

export interface Live {
  readonly day: Tour;
  readonly processors: Processors;
  readonly shop: Caller;
  readonly stripe: Connected;
  readonly adyen: Connected;
}

export async function verified(
  day: Tour,
  tenant: string,
  { first, second }: Record<'first' | 'second', Caller>,
): Promise<Caller> {
  day.chapter('Nobody takes live money yet');
  const newKey: Sent = {
    method: 'POST',
    path: `/v1/tenants/${tenant}/keys`,
    as: first,
    key: 'live-key',
    body: { name: 'Live', scopes: keyScopes, mode: 'live' },
  };
  await day.refused(newKey, 403, 'charges_disabled');
  day.says('No operator can make a live key for a business that nobody has verified.');

  day.chapter('A business says who it is');
  const sent: Sent = { method: 'PUT', path: '/v1/business', as: day.owner, body: business };
  await day.send(sent, 200, ['verification', 'requirements']);
  const submitted = await day.send({ method: 'POST', path: '/v1/business/submit', as: day.owner, body: {} }, 200, [
    'verification',
  ]);
  day.holds('it is under review', submitted.json.verification === 'pending', submitted.text);
  day.says('All of it lies sealed; one function alone may open it.');

  day.chapter('Two operators verify it');
  const decision = { decision: 'approve', submission: submitted.json.submission };
  const at = `/v1/tenants/${tenant}/verification`;
  await day.send({ method: 'POST', path: at, as: first, body: decision }, 200, ['verification']);
  await day.refused(
    { method: 'POST', path: `${at}/confirm`, as: first, body: decision },
    403,
    'second_operator_needed',
  );
  await day.send({ method: 'POST', path: `${at}/confirm`, as: second, body: decision }, 200, [
    'verification',
    'capabilities',
  ]);
  const key = await day.send(newKey, 201, ['id', 'mode', 'scopes']);
  day.says('One proposes, another confirms the very same submission. Now there is a live key.');
  return { name: 'the shop, live', secret: text(key, 'secret') };
}

export async function connected(day: Tour, shop: Caller, processors: Processors): Promise<Live> {
  day.chapter('Its own accounts at Stripe and Adyen');
  const connect = async (body: object, key: string): Promise<Connected> => {
    const { provider } = body as { readonly provider: string };
    const sent: Sent = {
      method: 'POST',
      path: '/v1/connections/providers',
      as: shop,
      key,
      body,
      shown: { provider, '…': 'its credentials' },
    };
    const reply = await day.send(sent, 201, ['id', 'provider', 'mode']);
    return { id: text(reply, 'id'), ingressUrl: text(reply, 'ingress_url') };
  };
  const { publishable_key, ...test } = stripeAccount;
  const wrong = { ...test, api_key: 'sk_test_51NotALiveKey' };
  const refused: Sent = {
    method: 'POST',
    path: '/v1/connections/providers',
    as: shop,
    key: 'wrong',
    body: wrong,
    shown: { provider: 'stripe', api_key: 'sk_test_…' },
  };
  await day.refused(refused, 422, 'credentials_of_other_mode');
  const stripe = await connect({ ...test, publishable_key }, 'stripe');
  const adyen = await connect(adyenAccount, 'adyen');
  day.says(
    'Credentials are sealed under a key that only the functions which ask processors may use; those of test mode are refused.',
  );
  return { day, processors, shop, stripe, adyen };
}
