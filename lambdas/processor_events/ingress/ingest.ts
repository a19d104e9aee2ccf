// Ingests one notification: verified over its raw bytes, then stored in one write, then accepted. All that follows from it
// follows from that write. Nothing is read from what was not verified; a repeat is accepted and not stored again.

import type { APIGatewayProxyEvent } from 'aws-lambda';
import { idPattern } from '../../../contract/kernel/ids.ts';
import { ingressLimits as limits } from '../../../contract/processor_events/limits.ts';
import type { Connection } from '../../connections/domain/connection.ts';
import { accountNumberWithin } from '../../kernel/domain/account_number.ts';
import { Refusal } from '../../kernel/domain/refusal.ts';
import { notFound } from '../../kernel/operation/named.ts';
import { systemContext } from '../../kernel/store/commit.ts';
import type { Notification, NotificationRefusal, NotificationScheme } from '../../processors/notification.ts';
import { receiveEvent } from '../domain/processor_event.ts';
import { processorEventId, writeProcessorEvent } from '../store.ts';
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
  const verified = 'refused' in read ? read.refused : storable(read.notifications);
  if (typeof verified === 'string') {
    await writeIngressRefusal(ports, connection, verified, { requestId, sourceAddress: identity.sourceIp });
    throw new Refusal(verified === 'malformed' ? 'notification_malformed' : 'signature_invalid');
  }
  const { tenant, mode, provider } = connection;
  const id = processorEventId(
    platform,
    connection.id,
    verified.map(({ eventId }) => eventId),
  );
  const event = receiveEvent({
    id,
    tenant,
    mode,
    connection: connection.id,
    provider,
    notifications: [...verified],
    received: await ports.keyring.seal(storedForm(raw, seen), receivedContext(tenant, mode, id)),
    received_at_ms: nowMs,
    request_id: requestId,
  });
  const written = await writeProcessorEvent(
    platform,
    null,
    event,
    systemContext('processor_webhooks', event, requestId),
  );
  return { connection, event: id, repeated: !written, accepted: scheme.accepted };
}

/** Deleted, of another provider, or never there: the caller cannot tell which. */
async function connectionOf(
  { platform, connections }: IngressPorts,
  { pathParameters, requestContext }: APIGatewayProxyEvent,
): Promise<Connection> {
  const { provider, connection_id: id = '' } = pathParameters ?? {};
  const connection = idPattern('connection').test(id) ? await connections(id) : undefined;
  if (connection?.status === 'active' && connection.provider === provider) return connection;
  platform.log('credential_unrecognised', { request_id: requestContext.requestId });
  throw notFound('connection');
}

/**
 * More than fits a row beside the bytes has no form that a provider documents; nor has an id that is the number of a card or a
 * bank account: it would stand in rows, logs and the merchant's events.
 */
function storable(notifications: readonly Notification[]): readonly Notification[] | NotificationRefusal {
  const tooLarge = Buffer.byteLength(JSON.stringify(notifications)) > limits.notificationsBytes;
  return tooLarge || accountNumberWithin(notifications) !== null ? 'malformed' : notifications;
}
