// What the processor tells of its own accord: each event to the connection of its payment, signed, after a while and in any
// order, and again with growing pauses until it is taken in.

import type { APIGatewayProxyEvent } from 'aws-lambda';
import { Secret } from '../../lambdas/kernel/crypto/secret.ts';
import { signatureHeader, signNotification } from '../../lambdas/processors/test/notifications.ts';
import type { Charge } from '../../processor/money.ts';
import { eventsOf, type WebhookEvent } from '../../processor/webhook_events.ts';
import { providerRequest } from '../../test/kit/provider_request.ts';
import type { Draw } from './draw.ts';
import type { CallKind, Fault } from './faults.ts';
import type { PoolOf } from './functions.ts';
import type { Merchant } from './merchants.ts';
import type { Product } from './product.ts';
import type { Timeline } from './timeline.ts';

/** One event, which is told until it is taken in. */
export interface ProcessorNotification {
  readonly event: WebhookEvent;
  attempts: number;
  /** When it is told next (ms since the epoch); null: it was taken in, or was told too often. */
  dueMs: number | null;
  accepted: boolean;
}

export interface ProviderWebhookPorts {
  readonly draw: Draw;
  readonly timeline: Timeline;
  readonly ingress: PoolOf<Product['ingress']>;
  readonly fault: (address: string, kind: CallKind) => Fault | null;
  /** Whose connection a payment went through; undefined: none. */
  readonly connectionOf: (payment: string) => Merchant['connection'] | undefined;
}

const mostAttempts = 60;
const pauseMs = 1_000;
const longestPauseMs = 3_600_000;
/** Mostly at once, and now and then so late that everything else is over. */
const delaysMs = { 50: 6, 1000: 4, 20000: 3, 600000: 1, 7200000: 1 };

export function providerWebhooks({ draw, timeline, ingress, fault, connectionOf }: ProviderWebhookPorts) {
  const all = new Map<string, ProcessorNotification>();

  const request = (raw: Buffer, { id, secret }: Merchant['connection'], requestId: string): APIGatewayProxyEvent => {
    const headers = { [signatureHeader]: signNotification(raw, new Secret(secret), timeline.now()) };
    return providerRequest({ provider: 'test', connection: id, raw, headers, requestId });
  };

  /** Whether it was taken in, as far as the processor hears. */
  const tellOnce = async (
    one: ProcessorNotification,
    connection: Merchant['connection'],
    address: string,
  ): Promise<boolean> => {
    const met = fault(`${address}/request`, 'notification');
    await timeline.sleep(5 + 40 * draw.fraction(`${address} travels`));
    if (met === 'lost') return false;
    const raw = Buffer.from(one.event.body);
    if (met === 'doubled') ingress.invoke(request(raw, connection, `${address}/twin`), `${address}/twin`);
    const outcome = await ingress.invoke(request(raw, connection, address), address);
    return met !== 'ambiguous' && outcome.kind === 'returned' && outcome.value.statusCode === 200;
  };

  const begin = (one: ProcessorNotification, connection: Merchant['connection'], afterMs: number): void => {
    one.dueMs = timeline.now() + afterMs;
    timeline.after(afterMs, async () => {
      one.attempts += 1;
      one.accepted = await tellOnce(one, connection, `notification.${one.event.id}.${one.attempts}`);
      one.dueMs = null;
      if (one.accepted || one.attempts >= mostAttempts) return;
      begin(one, connection, Math.min(longestPauseMs, pauseMs * 2 ** (one.attempts - 1)));
    });
  };

  return {
    all: (): readonly ProcessorNotification[] => [...all.values()],
    /** Something happened to the charge, or will. */
    tell(charge: Charge): void {
      const connection = connectionOf(charge.reference);
      if (connection === undefined) return;
      for (const event of eventsOf(charge)) {
        if (all.has(event.id)) continue;
        const one: ProcessorNotification = { event, attempts: 0, dueMs: null, accepted: false };
        all.set(event.id, one);
        const delayMs = Number(draw.weighted(`${event.id} is late`, delaysMs)) * draw.fraction(`${event.id} comes`);
        begin(one, connection, Math.max(0, event.at - timeline.now()) + delayMs);
      }
    },
    /** When what is not taken in yet is told next. */
    waiting: (): number[] => [...all.values()].flatMap(({ dueMs }) => dueMs ?? []),
  };
}
