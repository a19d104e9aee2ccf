// What is left of a request that was refused: an entry in the trail of the connection's tenant, one a minute for each
// reason, so that strangers cannot fill it; of a connection that is not there, a count.

import { ingress } from '../../contract/ingress.ts';
import type { Connection } from '../domain/connection.ts';
import { addressPlace } from '../handlers/caller.ts';
import { timestamp } from '../platform/clock.ts';
import type { NotificationRefusal } from '../providers/notification.ts';
import { entryId, putEntryOnce, trailOf } from '../store/audit.ts';
import type { IngressPorts } from './ports.ts';

const minuteMs = 60_000;

/** It stands for all of its minute: its time is the minute's, request and address are those of the first. */
export async function leaveRefusal(
  { platform, keyring }: IngressPorts,
  { id, tenant, mode }: Connection,
  reason: NotificationRefusal,
  request: { readonly requestId: string; readonly sourceAddress: string },
): Promise<void> {
  const atMs = Math.floor(platform.clock() / minuteMs) * minuteMs;
  await putEntryOnce(platform, {
    id: entryId(platform, atMs, [id, reason]),
    object: 'audit_entry',
    owner: trailOf(tenant, mode),
    mode,
    occurred_at: timestamp(atMs),
    action: ingress.id,
    outcome: 'refused',
    code: reason,
    actor: { kind: 'system', id: 'ingress' },
    on_behalf_of: null,
    target: id,
    request_id: request.requestId,
    address: await keyring.seal(request.sourceAddress, addressPlace(tenant, mode, request.requestId)),
  });
}
