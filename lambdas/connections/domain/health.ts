// Whether a connection's processor refuses it, as payments find out: a row of its own, so that those who ask the processor need
// not be able to change what it is asked with. It stays when its connection is deleted: it says nothing of anybody.

import * as v from 'valibot';
import { ConnectionHealth } from '../../../contract/connections/connection.ts';
import { connectionLimits as limits } from '../../../contract/connections/limits.ts';
import { idPrefixes } from '../../../contract/kernel/vocabulary.ts';
import type { Change } from '../../kernel/domain/decision.ts';
import { timestamp } from '../../kernel/platform/clock.ts';
import type { Connection } from './connection.ts';

export const Health = v.object({ ...ConnectionHealth.entries, tenant: v.string(), failed_at_ms: v.number() });
export type Health = v.InferOutput<typeof Health>;

export const healthIdOf = (connection: string): string =>
  connection.replace(idPrefixes.connection, idPrefixes.connection_health);

/** Null: it was so already. `health` null: nothing was ever refused. */
export function recordAnswer(
  health: Health | null,
  { id: connection, tenant, mode }: Pick<Connection, 'id' | 'tenant' | 'mode'>,
  isRefused: boolean,
  nowMs: number,
): Change<Health> | null {
  const isFailing = health !== null && health.failing_since !== null;
  if (isFailing === isRefused) return null;
  if (health !== null && isRefused && nowMs < health.failed_at_ms + limits.failingAgainMs) return null;
  const owner = { id: healthIdOf(connection), object: 'connection_health', connection, tenant, mode } as const;
  return isRefused
    ? { fact: 'connection.failing', next: { ...owner, failing_since: timestamp(nowMs), failed_at_ms: nowMs } }
    : {
        fact: 'connection.recovered',
        next: { ...owner, failing_since: null, failed_at_ms: health?.failed_at_ms ?? 0 },
      };
}
