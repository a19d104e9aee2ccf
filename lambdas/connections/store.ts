// Connections in the providers table, each in a partition of its own.

import type { Keyring } from '../kernel/crypto/keyring.ts';
import { withOpenFields } from '../kernel/crypto/sealed_fields.ts';
import { ownerOf, ownScope, type TenantScope } from '../kernel/domain/tenant_scope.ts';
import { derivedId } from '../kernel/platform/ids.ts';
import type { StorePlatform } from '../kernel/store/commit.ts';
import { load } from '../kernel/store/load.ts';
import type { NamedRow, RowType, Stored } from '../kernel/store/row.ts';
import { Connection } from './domain/connection.ts';
import { Defaults, noDefaults } from './domain/defaults.ts';
import { Health, healthIdOf } from './domain/health.ts';

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

export const healthRow: RowType<Health> = {
  table: 'providers',
  schema: Health,
  key: ({ id }) => ({ pk: id, sk: 'health' }),
};

/** Strongly consistent; undefined: nothing was ever refused. */
export const loadHealth = (platform: StorePlatform, connection: string): Promise<Stored<Health> | undefined> =>
  load(platform, healthRow, { id: healthIdOf(connection) });

export const defaultsRow: RowType<Defaults> = {
  table: 'providers',
  schema: Defaults,
  key: ({ id }) => ({ pk: id, sk: 'defaults' }),
};

/** Strongly consistent. `stored` null: nobody has chosen any. */
export async function loadDefaults(
  platform: StorePlatform,
  scope: TenantScope,
): Promise<{ readonly stored: Stored<Defaults> | null; readonly value: Defaults }> {
  const id = derivedId('connection_defaults', platform.config.zone, [scope.tenant, scope.mode]);
  const stored = (await load(platform, defaultsRow, { id })) ?? null;
  return { stored, value: stored?.value ?? noDefaults(id, scope) };
}

/** A connection for its reply: with its metadata, and how it does. */
export async function withHealth(
  connection: Connection,
  keyring: Pick<Keyring, 'open'>,
  platform: StorePlatform,
): Promise<Connection & Record<string, unknown>> {
  const [open, health] = await Promise.all([withOpenFields(connection, keyring), loadHealth(platform, connection.id)]);
  return { ...open, failing_since: health?.value.failing_since ?? null };
}
