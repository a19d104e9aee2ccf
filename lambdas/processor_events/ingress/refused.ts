// A refused request leaves an entry in the audit trail of the connection's tenant, one a minute for each reason, so that
// strangers cannot fill it; one to a connection that is not there, a count.

import { ingress } from '../../../contract/processor_events/ingress.ts';
import type { Connection } from '../../connections/domain/connection.ts';
import { addressContext } from '../../kernel/operation/scope.ts';
import { timestamp } from '../../kernel/platform/clock.ts';
import { auditPartitionOf, entryId, putEntry } from '../../kernel/store/audit.ts';
import type { NotificationRefusal } from '../../processors/notification.ts';
import type { IngressPorts } from './ports.ts';

const minuteMs = 60_000;

/** It stands for all of its minute: its time is the minute's, request and address are those of the first. */
export async function writeIngressRefusal(
  { platform, keyring }: IngressPorts,
  { id, tenant, mode }: Connection,
  reason: NotificationRefusal,
  request: { readonly requestId: string; readonly sourceAddress: string },
): Promise<void> {
  const atMs = Math.floor(platform.clock() / minuteMs) * minuteMs;
  await putEntry(platform, {
    id: entryId(platform, atMs, [id, reason]),
    object: 'audit_entry',
    owner: auditPartitionOf(tenant, mode),
    mode,
    occurred_at: timestamp(atMs),
    action: ingress.id,
    outcome: 'refused',
    code: reason,
    actor: { kind: 'system', id: 'processor_webhooks' },
    on_behalf_of: null,
    target: id,
    request_id: request.requestId,
    address: await keyring.seal(request.sourceAddress, addressContext(tenant, mode, request.requestId)),
  });
}
