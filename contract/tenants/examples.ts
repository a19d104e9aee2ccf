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
  created_at: exampleTime,
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
  },
} satisfies Examples<typeof operations, 'key' | 'tenant'>;
