// One example for each operation on tenants and API keys, and for each of their events.

import { type Examples, exampleId, exampleIds, exampleTime, listOf } from '../kernel/examples.ts';
import type * as operations from './operations.ts';

/** Has the form of a secret, and is none. */
const secret = 'sk_test_us_…_shown_once';

const key = {
  id: exampleIds.key,
  object: 'key',
  kind: 'secret',
  mode: 'test',
  name: 'Web shop',
  scopes: ['payments:read', 'payments:write'],
  allowed_addresses: ['203.0.113.0/24'],
  status: 'active',
  expires_at: null,
  last_used_at: null,
  rotated_from: null,
  created_by: exampleId('key', 'm'),
  created_at: exampleTime,
};
const successor = { ...key, id: exampleId('key', 'n'), rotated_from: key.id, created_by: key.id };
const firstScopes = ['keys:read', 'keys:write'];

const tenant = {
  id: exampleIds.tenant,
  object: 'tenant',
  name: 'Blue Bottle Books',
  zone: 'us',
  metadata: {},
  verification: 'unverified',
  capabilities: { charges: false, refunds: false },
  suspension: null,
  closed_at: null,
  created_at: exampleTime,
};
const pending = { ...tenant, verification: 'pending' };
const verified = { ...tenant, verification: 'verified', capabilities: { charges: true, refunds: true } };
const suspended = {
  ...verified,
  capabilities: { charges: false, refunds: true },
  suspension: { reason: 'disputes', refunds: 'keep', at: exampleTime },
};
const closed = { ...verified, capabilities: { charges: false, refunds: true }, closed_at: exampleTime };

const { metadata: _, ...listed } = tenant;

const address = { line1: '1 Main Street', city: 'Springfield', state: 'IL', postal_code: '62701', country: 'US' };
const profile = {
  legal_name: 'Blue Bottle Books LLC',
  form: 'company',
  country: 'US',
  registration_number: '12-3456789',
  address,
  website: 'https://bluebottlebooks.example',
  people: [{ roles: ['owner', 'director'], first_name: 'Ada', last_name: 'Miller', birth_date: '1980-01-31', address }],
};
const { id, verification, capabilities, suspension, closed_at } = tenant;
const business = {
  object: 'business',
  tenant: id,
  verification,
  capabilities,
  suspension,
  closed_at,
  ...profile,
  requirements: [],
  submission: null,
  submitted_at: null,
  rejection: null,
};
const submission = 'v1.9Zr0cC1nYbXq2pQd6mH4sT8uVwEoKjLiAfGxB3N5tRk';
const submitted = { ...business, verification: 'pending', submission, submitted_at: exampleTime };
const proposal = {
  decision: 'approve',
  reason: null,
  submission,
  proposed_by: exampleIds.operator,
  proposed_at: exampleTime,
  confirmed_by: null,
  confirmed_at: null,
};
const confirmed = {
  ...submitted,
  verification: 'verified',
  capabilities: verified.capabilities,
  proposal: { ...proposal, confirmed_by: exampleId('opr', 'p'), confirmed_at: exampleTime },
};
const renamed = { ...tenant, name: 'Blue Bottle Books & Co.' };

export const examples = {
  operations: {
    'keys/create': {
      body: { name: key.name, scopes: key.scopes, allowed_addresses: key.allowed_addresses },
      reply: { ...key, secret },
    },
    'keys/list': { reply: listOf(key) },
    'keys/rotate': { body: {}, reply: { ...successor, secret } },
    'keys/revoke': { reply: { ...key, status: 'revoked', descendants: { revoked: 2, has_more: false } } },
    'tenants/create': {
      body: { name: tenant.name, zone: tenant.zone },
      reply: { ...tenant, mode: 'test', key: key.id, secret_key: secret },
    },
    'tenants/create_key': {
      body: { name: 'New key', scopes: firstScopes },
      reply: {
        ...key,
        name: 'New key',
        scopes: firstScopes,
        allowed_addresses: null,
        created_by: exampleIds.operator,
        secret,
      },
    },
    'tenants/get': { reply: tenant },
    'tenants/list': { reply: listOf(listed) },
    'tenants/suspend': { body: { reason: 'disputes' }, reply: suspended },
    'tenants/resume': { body: {}, reply: verified },
    'tenants/close': { body: {}, reply: closed },
    'tenants/get_business': { reply: { ...submitted, proposal } },
    'tenants/propose_verification': { body: { decision: 'approve', submission }, reply: { ...submitted, proposal } },
    'tenants/confirm_verification': { body: { decision: 'approve', submission }, reply: confirmed },
    'business/get': { reply: { ...business, people: [], requirements: ['/people'] } },
    'business/update': { body: profile, reply: business },
    'business/submit': { body: {}, reply: submitted },
    'tenants/update': { body: { name: renamed.name }, reply: renamed },
  },
  events: {
    'key.created': { happens: 'An API key was made.', data: key, first: true },
    'key.rotated': {
      happens: 'An API key got a successor, which "data" shows; the old one works for another 24 hours.',
      data: successor,
      first: true,
    },
    'key.revoked': { happens: 'An API key was revoked.', data: { ...key, status: 'revoked' } },
    'tenant.created': { happens: 'The tenant was made.', data: tenant, first: true },
    'tenant.updated': { happens: 'The tenant’s name or metadata were changed.', data: renamed },
    'tenant.business_updated': { happens: 'The tenant’s business was given or replaced.', data: tenant },
    'tenant.submitted': { happens: 'The tenant’s business was submitted for verification.', data: pending },
    'tenant.verification_proposed': {
      happens: 'An operator proposed a decision about the business; another must confirm it.',
      data: pending,
    },
    'tenant.verified': { happens: 'The business is verified: live mode is on.', data: verified },
    'tenant.rejected': { happens: 'The business was rejected.', data: { ...tenant, verification: 'rejected' } },
    'tenant.suspended': { happens: 'The tenant was suspended, or its suspension changed.', data: suspended },
    'tenant.resumed': { happens: 'The tenant’s suspension ended.', data: verified },
    'tenant.closed': { happens: 'The tenant was closed, for good.', data: closed },
  },
} satisfies Examples<typeof operations, 'key' | 'tenant'>;
