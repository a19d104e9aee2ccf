// Takes in one notification: verified over its raw bytes, then kept in one write, then accepted. Whatever follows from it
// follows from that write. Nothing is read from what was not verified, and what is told again is accepted and not kept
// again.

import type { APIGatewayProxyEvent } from 'aws-lambda';
import { idPattern } from '../../../contract/kernel/ids.ts';
import { ingressLimits as limits } from '../../../contract/processor_events/limits.ts';
import type { Connection } from '../../connections/domain/connection.ts';
import { Refusal } from '../../kernel/domain/refusal.ts';
import { countUnknownCredential } from '../../kernel/store/audit.ts';
import type { AuditContext } from '../../kernel/store/commit.ts';
import type { Notification, NotificationRefusal, NotificationScheme } from '../../processors/notification.ts';
import { receiveEvent } from '../domain/processor_event.ts';
import { processorEventId, putProcessorEvent } from '../store.ts';
import type { IngressPorts } from './ports.ts';
import { headersOf, rawBody, receivedContext, storedForm } from './received.ts';
import { writeIngressRefusal } from './refused.ts';
import { verifierOf } from './verifier.ts';

export interface IngestedNotification {
  readonly connection: Connection;
  readonly event: string;
  readonly repeated: boolean;
  readonly accepted: NotificationScheme['accepted'];
}

export async function ingestNotification(
  ports: IngressPorts,
  request: APIGatewayProxyEvent,
): Promise<IngestedNotification> {
  const { platform } = ports;
  const { requestId, identity } = request.requestContext;
  const raw = rawBody(request);
  const connection = await connectionOf(ports, request);
  const { scheme, secrets } = await verifierOf(ports, connection);
  const { lookup, seen } = headersOf(request);
  const nowMs = platform.clock();
  const read = scheme.receive(raw, lookup, secrets, nowMs);
  const told = 'refused' in read ? read.refused : bounded(read.notifications);
  if (typeof told === 'string') {
    await writeIngressRefusal(ports, connection, told, { requestId, sourceAddress: identity.sourceIp });
    throw new Refusal(told === 'malformed' ? 'notification_malformed' : 'signature_invalid');
  }
  const { tenant, mode, provider } = connection;
  const id = processorEventId(
    platform,
    connection.id,
    told.map(({ eventId }) => eventId),
  );
  const event = receiveEvent({
    id,
    tenant,
    mode,
    connection: connection.id,
    provider,
    notifications: [...told],
    received: await ports.keyring.seal(storedForm(raw, seen), receivedContext(tenant, mode, id)),
    received_at_ms: nowMs,
    request_id: requestId,
  });
  const actor = { kind: 'system', id: 'processor_webhooks' } as const;
  const act: AuditContext = { tenant, mode, actor, onBehalfOf: null, requestId, address: null };
  const done = await putProcessorEvent(platform, event, act);
  return { connection, event: id, repeated: done === 'repeated', accepted: scheme.accepted };
}

/** Deleted, of another provider, or never there: all the same to whoever asks. */
async function connectionOf(
  { platform, connections }: IngressPorts,
  { pathParameters }: APIGatewayProxyEvent,
): Promise<Connection> {
  const { provider, connection_id: id = '' } = pathParameters ?? {};
  const connection = idPattern('connection').test(id) ? await connections(id) : undefined;
  if (connection?.status === 'active' && connection.provider === provider) return connection;
  await countUnknownCredential(platform);
  throw new Refusal('connection_not_found');
}

/** More than fits a row beside the bytes is of no form that anybody documents. */
const bounded = (notifications: readonly Notification[]): readonly Notification[] | NotificationRefusal =>
  Buffer.byteLength(JSON.stringify(notifications)) > limits.notificationsBytes ? 'malformed' : notifications;
