// Connections, kept for a moment: a burst of notifications or payments costs one read. What is not active is never kept, so
// that made-up ids push no real one out; one that was deleted is found so within a second.

import { cacheLimits } from '../../contract/limits.ts';
import type { Connection } from '../domain/connection.ts';
import type { Platform } from '../platform/platform.ts';
import { loadConnection } from '../store/providers.ts';

/** Deleted ones too: what may be done with those is the caller's to judge. */
export type Connections = (id: string) => Promise<Connection | undefined>;

export function keptConnections(platform: Platform): Connections {
  const kept = new Map<string, { readonly connection: Connection; readonly untilMs: number }>();
  return async (id) => {
    const nowMs = platform.clock();
    const found = kept.get(id);
    if (found !== undefined && nowMs < found.untilMs) return found.connection;
    kept.delete(id);
    const connection = (await loadConnection(platform, id))?.value;
    if (connection?.status !== 'active') return connection;
    // From before the read: what it shows was so then.
    kept.set(id, { connection, untilMs: nowMs + cacheLimits.connectionMs });
    const oldest = kept.size > cacheLimits.connections ? kept.keys().next().value : undefined;
    if (oldest !== undefined) kept.delete(oldest);
    return connection;
  };
}
