// Connections in the providers table, each in a partition of its own.

import { ownerOf, ownScope } from '../kernel/domain/tenant_scope.ts';
import type { StorePlatform } from '../kernel/store/commit.ts';
import { load } from '../kernel/store/load.ts';
import type { NamedRow, Stored } from '../kernel/store/row.ts';
import { Connection } from './domain/connection.ts';

export const connectionRow: NamedRow<Connection> = {
  table: 'providers',
  schema: Connection,
  kind: 'connection',
  key: ({ id }) => ({ pk: id, sk: 'connection' }),
  scope: ownScope,
  hidden: ({ status }) => status === 'deleted',
  listed: (connection) =>
    connection.status === 'deleted'
      ? null
      : { owner: ownerOf(connection), id: connection.id, since: connection.created_at },
};

/** Strongly consistent. */
export const loadConnection = (platform: StorePlatform, id: string): Promise<Stored<Connection> | undefined> =>
  load(platform, connectionRow, { id });
