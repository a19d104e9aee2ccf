// Connections, cached for a moment: a burst of notifications or payments costs one read. One that is not active is never cached,
// so that made-up ids push no real one out; a deletion is seen within a second.

import { cacheLimits } from '../../contract/kernel/limits.ts';
import { cache } from '../kernel/platform/cache.ts';
import type { Platform } from '../kernel/platform/platform.ts';
import type { Connection } from './domain/connection.ts';
import { loadConnection } from './store.ts';

/** Deleted ones too: the caller decides what may be done with those. `uncached`: as it is now, whatever is cached. */
export type Connections = (id: string, uncached?: 'uncached') => Promise<Connection | undefined>;

export function cachedConnections(platform: Platform): Connections {
  const cached = cache<Connection>(platform.clock, cacheLimits.connections);
  return async (id, uncached) => {
    const known = uncached ? undefined : cached.get(id);
    if (known !== undefined) return known;
    // From before the read: what it shows was so then.
    const untilMs = platform.clock() + cacheLimits.connectionMs;
    const connection = (await loadConnection(platform, id))?.value;
    if (connection?.status === 'active') cached.keep(id, connection, untilMs);
    return connection;
  };
}
