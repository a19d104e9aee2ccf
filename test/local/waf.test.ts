// The local firewall stands for AWS WAF: what our web ACL refuses there is refused here, by the template itself.

import { get } from 'node:http';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { createFirewall, type Inspected } from '../../local/waf/firewall.ts';
import { WebAcl } from '../../local/waf/model.ts';
import { ofType, only, synthesized } from '../infra/templates.ts';
import { sharedCloud } from '../kit/cloud.ts';

const [zone] = synthesized().zones.filter(({ zone }) => zone === 'us');
if (zone === undefined) throw new Error('no zone is us');
const acl = v.parse(WebAcl, only(ofType(zone.edge, 'AWS::WAFv2::WebACL'))[1].Properties);
const limitOf = (name: string): number => {
  for (const rule of acl.Rules)
    if (rule.Name === name && 'Action' in rule) return rule.Statement.RateBasedStatement.Limit;
  throw new Error(`no bound is ${name}`);
};

const credential = (at: number): string =>
  `Bearer sk_test_us_${String(at).replaceAll(/\d/g, 'a').padEnd(26, 'b')}_${'c3'.repeat(23)}`;
const request = (more: Partial<Inspected> = {}, headers: Record<string, string> = {}): Inspected => ({
  path: '/v1/payments',
  query: '',
  sourceIp: '203.0.113.9',
  ...more,
  headers: Object.entries({ 'User-Agent': 'test', ...headers }),
});
const ingress = { path: `/v1/ingress/stripe/conn_us_${'a2'.repeat(13)}` };

const opened = () => {
  let nowMs = 1_800_000_000_000;
  const firewall = createFirewall(acl, () => nowMs);
  return {
    firewall,
    pass: (ms: number) => {
      nowMs += ms;
    },
    /** How many of so many pass. */
    passing: (count: number, of: (at: number) => Inspected): number =>
      Array.from({ length: count }, (_, at) => firewall(of(at))).filter(({ kind }) => kind === 'allowed').length,
  };
};

describe('[NET-2] the form of a request', () => {
  test.each([
    ['an ordinary one', request(), 'allowed'],
    ['none of the User-Agent', { ...request(), headers: [] }, 'filtered'],
    ['an empty User-Agent', request({}, { 'User-Agent': '' }), 'filtered'],
    ['a long path', request({ path: `/${'x'.repeat(1_024)}` }), 'filtered'],
    ['a long query', request({ query: 'x'.repeat(2_049) }), 'filtered'],
    ['many cookies', request({}, { Cookie: 'x'.repeat(10_241) }), 'filtered'],
    ['a processor without a User-Agent', { ...request(ingress), headers: [] }, 'allowed'],
    ['what only looks like the ingress', { ...request({ path: `${ingress.path}/x` }), headers: [] }, 'filtered'],
  ])('%s', (_, asked, kind) => {
    expect(opened().firewall(asked).kind).toBe(kind);
  });
});

describe('[API-2] a flood', () => {
  test('of strangers from one address is bounded, with a problem of the catalogue, for a window', () => {
    const { firewall, passing, pass } = opened();
    expect(passing(limitOf('anonymous') + 5, () => request())).toBe(limitOf('anonymous'));
    expect(firewall(request())).toMatchObject({ kind: 'answered', status: 429, headers: { 'retry-after': '60' } });
    expect(firewall(request({ sourceIp: '203.0.113.10' })).kind).toBe('allowed');
    expect(firewall(request({}, { Authorization: credential(1) })).kind).toBe('allowed');
    pass(60_000);
    expect(firewall(request()).kind).toBe('allowed');
  });

  test.each([
    'Bearer sk_x',
    'Bearer sk_test_us_x',
    credential(1).slice(0, -1),
    `${credential(1)}c`,
    credential(1).replace('_us_', '_eu_'),
  ])('with %j is one of strangers', (Authorization) => {
    const { passing } = opened();
    expect(passing(limitOf('anonymous') + 5, () => request({}, { Authorization }))).toBe(limitOf('anonymous'));
  });

  test('of strangers from many addresses leaves callers with keys the rest', () => {
    const { firewall, passing } = opened();
    const limit = limitOf('anonymous-together');
    expect(passing(limit + 5, (at) => request({ sourceIp: `2001:db8::${at}` }))).toBe(limit);
    expect(firewall(request({}, { Authorization: credential(1) })).kind).toBe('allowed');
  });

  test('of made-up credentials from one address has no more than one tenant', () => {
    const { passing } = opened();
    const limit = limitOf('addresses');
    const madeUp = (at: number) =>
      credential(1).replace(
        'c3c3c3c3',
        at.toString(2).padStart(20, '0').replaceAll('0', 'd').replaceAll('1', 'e').slice(-8),
      );
    expect(passing(limit + 5, (at) => request({}, { Authorization: madeUp(at) }))).toBe(limit);
  });

  test('at the ingress has half of what the route takes, whether it sends a credential or not', () => {
    const { passing } = opened();
    const limit = limitOf('processors');
    expect(passing(limit + 5, () => request(ingress))).toBe(limit);
  });
});

test('a rule that would behave differently here is refused', () => {
  const other = {
    Name: 'all',
    Priority: 0,
    Action: { Allow: {} },
    Statement: { GeoMatchStatement: { CountryCodes: ['US'] } },
  };
  expect(v.safeParse(WebAcl, { ...acl, Rules: [other] }).success).toBe(false);
});

test('[NET-2] [API-3] in front of the whole local cloud, what is filtered is answered by the gateway as a problem', async () => {
  const { ready } = await sharedCloud();
  const url = new URL('/v1/payments', ready.api.us);
  const answered = await new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
    // Node's own client sends no User-Agent by itself.
    get(url, (response) => {
      let body = '';
      response.on('data', (part) => {
        body += part;
      });
      response.on('end', () => resolve({ status: response.statusCode, body }));
    }).on('error', reject);
  });
  expect(answered.status).toBe(403);
  expect(JSON.parse(answered.body)).toMatchObject({ code: 'request_refused', request_id: expect.any(String) });
  expect((await fetch(url)).status).toBe(401);
});
