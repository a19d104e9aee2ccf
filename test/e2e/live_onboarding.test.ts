// A merchant's way to live mode through the synthesized templates: what it says of its business, two operators who verify it, a
// live key; and what a suspension ends at once.

import { beforeAll, describe, expect, it } from 'vitest';
import {
  type HttpReply,
  type NewTenant,
  newOperator,
  newTenant,
  type SharedCloud,
  send,
  sharedCloud,
} from '../kit/cloud.ts';
import { profile } from '../tenants/business_fixture.ts';

let cloud: SharedCloud;
let shop: NewTenant;
let reviewer: string;

beforeAll(async () => {
  cloud = await sharedCloud();
  [shop, reviewer] = await Promise.all([newTenant(cloud, 'us'), newOperator(cloud, 'us')]);
});

const asShop = (method: string, path: string, body?: object, key = shop.secret_key): Promise<HttpReply> =>
  send(cloud.ready.api.us, key, method, path, body && { body });
const asOperator = (path: string, body: object, key = cloud.ready.operator_keys.us): Promise<HttpReply> =>
  send(cloud.ready.api.us, key, 'POST', `/v1/tenants/${shop.id}${path}`, { body });

const liveKey = { name: 'Live', scopes: ['payments:read', 'payments:write', 'connections:write'], mode: 'live' };
const account = {
  provider: 'adyen',
  api_key: 'AQEliveKeyOfAdyen.With$igns==',
  merchant_account: 'BlueBottleBooks',
  hmac_key: 'ab'.repeat(32),
  live_prefix: '1797a841fbb37ca7-BlueBottle',
  multiple_partial_captures: 'enabled',
} as const;
const order = { amount: 1000, currency: 'EUR' };
const visa = { ...order, payment_method: 'pm_test_visa' };

describe('[KYC-1] a merchant', () => {
  it('gets a live key once two operators have verified its business, and charges nobody once it is suspended', async () => {
    expect((await asShop('PUT', '/v1/business', profile)).json).toMatchObject({ ...profile, requirements: [] });
    expect((await asOperator('/keys', liveKey)).json.code).toBe('charges_disabled');
    const { json: business } = await asShop('POST', '/v1/business/submit', {});
    expect(business.verification).toBe('pending');

    const decision = { decision: 'approve', submission: business.submission };
    expect((await asOperator('/verification', decision)).status).toBe(200);
    expect((await asOperator('/verification/confirm', decision)).json.code).toBe('second_operator_needed');
    const verified = await asOperator('/verification/confirm', decision, reviewer);
    expect(verified.json).toMatchObject({ verification: 'verified', legal_name: profile.legal_name });
    expect((await asShop('GET', '/v1/business')).json).toMatchObject({ ...profile, verification: 'verified' });

    const { json: key } = await asOperator('/keys', liveKey);
    expect(key.secret).toMatch(/^sk_live_us_/);
    expect((await asShop('GET', '/v1/payments', undefined, key.secret)).json.data).toEqual([]);
    // Nothing is charged through a processor that the merchant never connected, least of all the test processor.
    const unconnected = await asShop('POST', '/v1/payments', visa, key.secret);
    expect(unconnected.json).toMatchObject({ status: 400, errors: [{ pointer: '/connection' }] });
    const { json: connection } = await asShop('POST', '/v1/connections/providers', account, key.secret);
    expect(connection).toMatchObject({ provider: 'adyen', mode: 'live' });

    expect((await asOperator('/suspend', { reason: 'disputes' })).status).toBe(200);
    const live = { ...order, connection: connection.id, return_url: 'https://shop.example.com/done' };
    expect((await asShop('POST', '/v1/payments', live, key.secret)).json.code).toBe('charges_disabled');
    expect((await asShop('POST', '/v1/payments', visa)).json).toMatchObject({ status: 'captured', mode: 'test' });
  });
});
