// Adyen's standard webhooks: every item verified, then read. Only the eight signed fields decide anything; the others may have
// been written by whoever sent the item again.
//
// Sources: docs.adyen.com/development-resources/webhooks, /risk-management/disputes-api/dispute-notifications; read 2026-11.

import * as v from 'valibot';
import type { Notification, NotificationEffect, NotificationScheme } from '../notification.ts';
import { declined } from '../outcomes.ts';
import { jsonOf } from '../timed_signature.ts';
import { type Named, namedBy } from './requests.ts';
import { Item, isAmbiguous, refuseUnsigned } from './signature.ts';

const Message = v.object({
  // Documented as one; older accounts send more. Bounded, because each costs a signature.
  notificationItems: v.pipe(v.array(v.object({ NotificationRequestItem: Item })), v.minLength(1), v.maxLength(100)),
});

/** A key serves an endpoint, which may hear of other merchant accounts as well: those are ignored. */
export const adyenNotifications = (merchantAccount: string): NotificationScheme => ({
  provider: 'adyen',
  accepted: { status: 202, body: '[accepted]' },
  receive(raw, _headers, secrets) {
    const message = v.safeParse(Message, jsonOf(raw));
    // The signatures stand inside: what holds none is unsigned rather than malformed.
    if (!message.success) return { refused: 'unsigned' };
    const items = message.output.notificationItems.map((each) => each.NotificationRequestItem);
    for (const item of items) {
      const refused = refuseUnsigned(item, secrets);
      if (refused !== null) return { refused };
    }
    return { notifications: items.map((item) => notificationOf(item, merchantAccount)) };
  },
});

function notificationOf(item: Item, merchantAccount: string): Notification {
  const ours = item.merchantAccountCode === merchantAccount && !isAmbiguous(item);
  const named = ours ? namedBy(item.merchantReference) : null;
  const occurredAtMs = Date.parse(item.eventDate);
  const effect: NotificationEffect = named === null ? { kind: 'ignored' } : effectOf(item, named.kind);
  const whole = ['released', 'disputed', 'ignored'].includes(effect.kind) || item.eventCode === 'CANCELLATION';
  return {
    // Without the time and every unsigned field: duplicates have the same one (webhooks, "duplicates").
    eventId: isAmbiguous(item)
      ? `ambiguous:${item.additionalData.hmacSignature}`
      : `${item.eventCode}:${item.pspReference}:${item.success}`,
    occurredAtMs: Number.isNaN(occurredAtMs) ? 0 : occurredAtMs,
    reference: named?.reference ?? null,
    order: effect.kind === 'released' || effect.kind === 'disputed' ? null : (named?.order ?? null),
    charge: chargeOf(item) || null,
    amount: whole ? null : { minor: item.amount.value, currency: item.amount.currency },
    effect,
  };
}

/** The payment at Adyen: of what changes it, `originalReference`. */
const chargeOf = ({ originalReference, pspReference }: Item): string => originalReference || pspReference;

function effectOf(item: Item, named: Named['kind']): NotificationEffect {
  const done = item.success === 'true';
  const charge = chargeOf(item);
  const stage = disputeStages.get(item.eventCode);
  if (stage !== undefined) return done ? { kind: 'disputed', dispute: item.pspReference, ...stage } : ignored;
  // Asked for by hand in Adyen's own pages where no object of ours is named.
  const outcome = (kind: Named['kind']): NotificationEffect => {
    if (named !== kind) return ignored;
    return done ? { kind: 'approved', charge, captured: kind === 'capture' } : declined(null);
  };
  switch (item.eventCode) {
    case 'AUTHORISATION':
      return done ? { kind: 'authorized', charge } : declined(null);
    case 'PENDING':
      return { kind: 'pending', charge };
    case 'CAPTURE':
      return outcome('capture');
    case 'REFUND':
      return outcome('refund');
    case 'CANCELLATION':
      return named === 'charge' && done ? { kind: 'released' } : outcome('void');
    case 'TECHNICAL_CANCEL':
    case 'EXPIRE':
    case 'OFFER_CLOSED':
      return done ? { kind: 'released' } : ignored;
    case 'CAPTURE_FAILED':
    case 'REFUND_FAILED':
    case 'REFUNDED_REVERSED':
      return done ? { kind: 'reversed' } : ignored;
    default:
      return ignored;
  }
}

const ignored: NotificationEffect = { kind: 'ignored' };

/** One dispute has one `pspReference`; its events may come in any order. */
const disputeStages: ReadonlyMap<string, { readonly stage: number; readonly open: boolean }> = new Map([
  ['REQUEST_FOR_INFORMATION', { stage: 1, open: true }],
  ['NOTIFICATION_OF_CHARGEBACK', { stage: 2, open: true }],
  ['CHARGEBACK', { stage: 3, open: true }],
  ['DISPUTE_DEFENSE_PERIOD_ENDED', { stage: 4, open: false }],
  ['CHARGEBACK_REVERSED', { stage: 5, open: false }],
  ['SECOND_CHARGEBACK', { stage: 6, open: true }],
  ['PREARBITRATION_WON', { stage: 7, open: false }],
  ['PREARBITRATION_LOST', { stage: 7, open: false }],
]);
