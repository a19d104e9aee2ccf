// Connections, kept for a moment: a burst of notifications or payments costs one read. What is not active is never kept, so
// that made-up ids push no real one out; one that was deleted is found so within a second.

import { cacheLimits } from '../../contract/kernel/limits.ts';
import { cache } from '../kernel/platform/cache.ts';
import type { Platform } from '../kernel/platform/platform.ts';
import type { Connection } from './domain/connection.ts';
import { loadConnection } from './store.ts';

/** Deleted ones too: what may be done with those is the caller's to judge. */
export type Connections = (id: string) => Promise<Connection | undefined>;

export function cachedConnections(platform: Platform): Connections {
  const kept = cache<Connection>(platform.clock, cacheLimits.connections);
  return async (id) => {
    const standing = kept.get(id);
    if (standing !== undefined) return standing;
    // From before the read: what it shows was so then.
    const untilMs = platform.clock() + cacheLimits.connectionMs;
    const connection = (await loadConnection(platform, id))?.value;
    if (connection?.status === 'active') kept.keep(id, connection, untilMs);
    return connection;
  };
}
