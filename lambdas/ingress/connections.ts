// Connections, kept for a moment: a burst of what a provider tells is verified with one read. What is not there is never
// kept, so that made-up ids push no real one out; one that was deleted is gone within a second.

import { cacheLimits } from '../../contract/limits.ts';
import type { Connection } from '../domain/connection.ts';
import type { Platform } from '../platform/platform.ts';
import { loadConnection } from '../store/providers.ts';

export type Connections = (id: string) => Promise<Connection | undefined>;

export function connections(platform: Platform): Connections {
  const kept = new Map<string, { readonly connection: Connection; readonly untilMs: number }>();
  return async (id) => {
    const nowMs = platform.clock();
    const found = kept.get(id);
    if (found !== undefined && nowMs < found.untilMs) return found.connection;
    kept.delete(id);
    const connection = (await loadConnection(platform, id))?.value;
    if (connection === undefined || connection.status === 'deleted') return undefined;
    // From before the read: what it shows was so then.
    kept.set(id, { connection, untilMs: nowMs + cacheLimits.connectionMs });
    const oldest = kept.size > cacheLimits.connections ? kept.keys().next().value : undefined;
    if (oldest !== undefined) kept.delete(oldest);
    return connection;
  };
}
