// One example for each operation on connections, and for each of their events.

import { type Examples, exampleIds, exampleTime, listOf } from '../kernel/examples.ts';
import type * as operations from './operations.ts';

const connection = {
  id: exampleIds.connection,
  object: 'connection',
  mode: 'test',
  provider: 'stripe',
  status: 'active',
  ingress_url: `https://api.us.example.com/v1/ingress/stripe/${exampleIds.connection}`,
  credentials_replaced_at: null,
  metadata: {},
  created_at: exampleTime,
};
const replaced = { ...connection, credentials_replaced_at: '2026-11-22T09:00:00.000Z' };
const health = {
  id: exampleIds.connection_health,
  object: 'connection_health',
  connection: exampleIds.connection,
  mode: 'test',
  failing_since: exampleTime,
};
const defaults = {
  id: exampleIds.connection_defaults,
  object: 'connection_defaults',
  mode: 'test',
  currencies: { '*': [exampleIds.connection] },
  updated_at: exampleTime,
};
const withHealth = { failing_since: null };
const deleted = { ...connection, status: 'deleted' };

export const examples = {
  operations: {
    'connections/create': {
      // Nobody's credentials.
      body: {
        provider: connection.provider,
        api_key: 'rk_test_an_example_and_nobodys',
        webhook_secret: 'whsec_an_example_and_nobodys',
      },
      reply: { ...connection, webhook_secret: null },
    },
    'connections/list': { reply: listOf({ ...connection, ...withHealth }) },
    'connections/get': { reply: { ...connection, failing_since: exampleTime } },
    'connections/update': {
      body: { provider: connection.provider, api_key: 'rk_test_a_new_example_and_nobodys' },
      reply: { ...replaced, ...withHealth },
    },
    'connections/get_defaults': { reply: defaults },
    'connections/set_defaults': { body: { currencies: defaults.currencies }, reply: defaults },
    'connections/delete': { reply: { ...deleted, ...withHealth } },
  },
  events: {
    'connection.created': { happens: 'A payment processor was connected.', data: connection, first: true },
    'connection.updated': { happens: 'A connection was changed, or its credentials were replaced.', data: replaced },
    'connection.deleted': {
      happens: 'A payment processor was disconnected, and its credentials destroyed.',
      data: deleted,
    },
    'connection_defaults.updated': {
      happens: 'Other connections were chosen for payments that name none.',
      data: defaults,
      first: true,
    },
    'connection.failing': {
      happens: 'The processor refused the account of a connection, its key or its set-up.',
      data: health,
      first: true,
    },
    'connection.recovered': {
      happens: 'The processor takes again what is asked through a connection.',
      data: { ...health, failing_since: null },
    },
  },
} satisfies Examples<typeof operations, 'connection' | 'connection_health' | 'connection_defaults'>;
