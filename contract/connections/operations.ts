// Operations on connections to payment processors: one row each.

import { List, ListQuery } from '../kernel/list.ts';
import type { Operation } from '../kernel/operation.ts';
import { ConnectionWithHealth, CreateConnection, CreatedConnection, UpdateConnection } from './connection.ts';
import { ConnectionDefaults, SetConnectionDefaults } from './defaults.ts';

export const createConnection = {
  id: 'connections/create',
  method: 'POST',
  path: '/v1/connections/providers',
  function: 'connections',
  actors: ['key'],
  scopes: ['connections:write'],
  body: CreateConnection,
  reply: CreatedConnection,
  creates: 'connection',
  slo: 'write',
  refuses: ['too_many_connections', 'credentials_of_other_mode'],
} as const satisfies Operation;

export const listConnections = {
  id: 'connections/list',
  method: 'GET',
  path: '/v1/connections/providers',
  function: 'connections_read',
  actors: ['key'],
  scopes: ['connections:read'],
  query: ListQuery,
  reply: /* @__PURE__ */ List(ConnectionWithHealth),
  slo: 'read',
  refuses: ['cursor_invalid'],
} as const satisfies Operation;

export const getConnection = {
  id: 'connections/get',
  method: 'GET',
  path: '/v1/connections/providers/{connection_id}',
  function: 'connections_read',
  actors: ['key'],
  scopes: ['connections:read'],
  reply: ConnectionWithHealth,
  slo: 'read',
  refuses: ['connection_not_found'],
} as const satisfies Operation;

export const updateConnection = {
  id: 'connections/update',
  method: 'PATCH',
  path: '/v1/connections/providers/{connection_id}',
  function: 'connections',
  actors: ['key'],
  scopes: ['connections:write'],
  body: UpdateConnection,
  reply: ConnectionWithHealth,
  slo: 'write',
  refuses: ['connection_not_found', 'credentials_of_other_mode', 'too_many_credentials'],
} as const satisfies Operation;

export const deleteConnection = {
  id: 'connections/delete',
  method: 'DELETE',
  path: '/v1/connections/providers/{connection_id}',
  function: 'connections',
  actors: ['key'],
  scopes: ['connections:write'],
  reply: ConnectionWithHealth,
  slo: 'write',
  refuses: ['connection_not_found'],
} as const satisfies Operation;

export const getConnectionDefaults = {
  id: 'connections/get_defaults',
  method: 'GET',
  path: '/v1/connections/defaults',
  function: 'connections_read',
  actors: ['key'],
  scopes: ['connections:read'],
  reply: ConnectionDefaults,
  slo: 'read',
  refuses: [],
} as const satisfies Operation;

export const setConnectionDefaults = {
  id: 'connections/set_defaults',
  method: 'PUT',
  path: '/v1/connections/defaults',
  function: 'connections',
  actors: ['key'],
  scopes: ['connections:write'],
  body: SetConnectionDefaults,
  reply: ConnectionDefaults,
  slo: 'write',
  refuses: [],
} as const satisfies Operation;
