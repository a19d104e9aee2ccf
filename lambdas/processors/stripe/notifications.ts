// Stripe's webhooks: verified over the raw body, then read. Kinds that we don't know are ignored; a kind that we know in a
// shape that we don't is malformed, so that Stripe sends it again and nothing is lost in silence.
//
// Sources: docs.stripe.com/webhooks, /api/events/types (version 2026-10-28.endive); read 2026-11.

import * as v from 'valibot';
import type { Mode } from '../../../contract/kernel/roles.ts';
import {
  isReported,
  type Notification,
  type NotificationEffect,
  type NotificationScheme,
  ofOtherMode,
  orderNamed,
} from '../notification.ts';
import { jsonOf, refuseUnsigned } from '../timed_signature.ts';
import { Intent, Refund } from './answers.ts';
import { Dispute, disputeStage } from './disputes.ts';
import { factOfIntent, factOfRefund } from './facts.ts';
import { capturedAtStripe, capturesIn, endedInPart } from './marks.ts';

const Event = v.object({
  id: v.pipe(v.string(), v.regex(/^evt_[A-Za-z0-9_]{1,255}$/)),
  type: v.string(),
  created: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  livemode: v.boolean(),
  data: v.object({ object: v.unknown() }),
});

/**
 * A thin event (docs.stripe.com/event-destinations, "thin events"; read 2026-11): it names an object and shows none of it.
 * Whatever it is about, payments are told of in whole events.
 */
const ThinEvent = v.object({
  id: v.pipe(v.string(), v.regex(/^evt_[A-Za-z0-9_]{1,255}$/)),
  object: v.literal('v2.core.event'),
  type: v.string(),
});

/** What is read from an event's object; `part` names one of several. */
type Read = Omit<Notification, 'eventId' | 'occurredAtMs'> & { readonly part?: string };
type Reader = (object: unknown, createdSeconds: number) => readonly Read[] | null;

const readers: ReadonlyMap<string, Reader> = new Map([
  ['payment_intent.succeeded', ofIntent],
  ['payment_intent.amount_capturable_updated', ofIntent],
  ['payment_intent.processing', ofIntent],
  ['payment_intent.requires_action', ofIntent],
  ['payment_intent.payment_failed', ofIntent],
  ['payment_intent.canceled', ofIntent],
  ['refund.created', ofRefund],
  ['refund.updated', ofRefund],
  ['refund.failed', ofRefund],
  ['charge.refund.updated', ofRefund],
  // `charge.refunded` gives totals and names no refund: the refunds' own events do.
  ['charge.dispute.created', ofDispute],
  ['charge.dispute.updated', ofDispute],
  ['charge.dispute.closed', ofDispute],
  // `charge.dispute.funds_…` tells of our balance at Stripe: the status says what became of the dispute.
]);

export const stripeNotifications = (mode: Mode): NotificationScheme => ({
  provider: 'stripe',
  accepted: { status: 200, body: '' },
  receive(raw, headers, secrets, nowMs) {
    const refused = refuseUnsigned(raw, headers('stripe-signature'), secrets, nowMs);
    if (refused !== null) return { refused };
    const sent = jsonOf(raw);
    const thin = v.safeParse(ThinEvent, sent);
    if (thin.success) return { notifications: [{ eventId: thin.output.id, occurredAtMs: nowMs, ...ignored }] };
    const event = v.safeParse(Event, sent);
    if (!event.success) return { refused: 'malformed' };
    const { id, type, created, data, livemode } = event.output;
    if (livemode !== (mode === 'live')) return { notifications: [ofOtherMode(id, created * 1000)] };
    const read = (readers.get(type) ?? (() => [ignored]))(data.object, created);
    if (read === null) return { refused: 'malformed' };
    const notificationOf = ({ part, ...rest }: Read): Notification => ({
      eventId: part === undefined ? id : `${id}:${part}`,
      occurredAtMs: created * 1000,
      ...rest,
    });
    return { notifications: read.map(notificationOf) };
  },
});

const ignored: Read = { reference: null, order: null, charge: null, amount: null, effect: { kind: 'ignored' } };

function ofIntent(object: unknown): readonly Read[] | null {
  const parsed = v.safeParse(Intent, object);
  if (!parsed.success) return null;
  const intent = parsed.output;
  const named = orderNamed(intent.metadata.reference, intent.metadata.order);
  if (named === null) return [ignored];
  const { reference, order } = named;
  const about = (part: string, minor: number, effect: NotificationEffect): Read => ({
    part,
    reference,
    order: part,
    charge: intent.id,
    amount: { minor, currency: intent.currency },
    effect,
  });
  const fact = factOfIntent(intent);
  const charge: NotificationEffect = isReported(fact) ? fact : { kind: 'ignored' };
  const released: Read = { ...about('released', 0, { kind: 'released' }), order: null, amount: null };
  const { captured, unmarked } = capturedAtStripe(intent);
  // Stripe has no object for a capture: its name is what was captured by then.
  const elsewhere: Read = {
    ...about('elsewhere', unmarked, movedElsewhere('capture', `${intent.id}:${captured}`)),
    order: null,
  };
  return [
    ...(intent.status === 'canceled' ? [] : [about(order, intent.amount, charge)]),
    ...(intent.status === 'canceled' || endedInPart(intent) ? [released] : []),
    ...capturesIn(intent).map(({ id, amount }) =>
      about(id, amount, { kind: 'approved', charge: intent.id, captured: true }),
    ),
    ...(unmarked === 0 ? [] : [elsewhere]),
  ];
}

const movedElsewhere = (object: 'capture' | 'refund', id: string, failed = false): NotificationEffect => ({
  kind: 'moved_elsewhere',
  object,
  id,
  ofAll: object === 'capture',
  failed,
});

function ofRefund(object: unknown): readonly Read[] | null {
  const parsed = v.safeParse(Refund, object);
  if (!parsed.success) return null;
  const { metadata, amount, currency, payment_intent: charge } = parsed.output;
  const named = orderNamed(metadata.reference, metadata.order);
  const fact = factOfRefund(parsed.output);
  if (!isReported(fact)) return [{ ...ignored, charge }];
  const of = { charge, amount: { minor: amount, currency } };
  if (named !== null) return [{ ...named, ...of, effect: fact }];
  // Made at Stripe's own pages: nobody of ours asked, and until it has moved there is nothing to take over.
  if (fact.kind !== 'approved' && fact.kind !== 'declined') return [{ ...ignored, charge }];
  const effect = movedElsewhere('refund', parsed.output.id, fact.kind === 'declined');
  return [{ ...ignored, ...of, effect }];
}

function ofDispute(object: unknown, createdSeconds: number): readonly Read[] | null {
  const parsed = v.safeParse(Dispute, object);
  if (!parsed.success) return null;
  const { id: dispute, payment_intent: charge, status, amount, currency } = parsed.output;
  const stage = disputeStage(status, createdSeconds);
  if (stage === null) return [{ ...ignored, charge }];
  return [{ ...ignored, charge, amount: { minor: amount, currency }, effect: { kind: 'disputed', dispute, ...stage } }];
}
