// Adyen's standard webhooks: every item verified, then read. Only the eight signed fields decide anything; the others may have
// been written by whoever sent the item again.
//
// Sources: docs.adyen.com/development-resources/webhooks, /risk-management/disputes-api/dispute-notifications; read 2026-11.

import * as v from 'valibot';
import type { Mode } from '../../../contract/kernel/roles.ts';
import { type Notification, type NotificationEffect, type NotificationScheme, ofOtherMode } from '../notification.ts';
import { declinedWithoutReason } from '../outcomes.ts';
import { jsonOf } from '../timed_signature.ts';
import { disputeStages } from './event_codes.ts';
import { type Named, namedBy } from './requests.ts';
import { Item, isAmbiguous, refuseUnsigned } from './signature.ts';

const Message = v.object({
  live: v.picklist(['true', 'false']),
  // Documented as one; older accounts send more. Bounded, because each costs a signature.
  notificationItems: v.pipe(v.array(v.object({ NotificationRequestItem: Item })), v.minLength(1), v.maxLength(100)),
});

/** A key serves an endpoint, which may hear of other merchant accounts as well: those are ignored. */
export const adyenNotifications = (merchantAccount: string, mode: Mode): NotificationScheme => ({
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
    const notifications = items.map((item) => notificationOf(item, merchantAccount));
    if (message.output.live === String(mode === 'live')) return { notifications };
    return { notifications: notifications.map(({ eventId, occurredAtMs }) => ofOtherMode(eventId, occurredAtMs)) };
  },
});

function notificationOf(item: Item, merchantAccount: string): Notification {
  const ours = item.merchantAccountCode === merchantAccount && !isAmbiguous(item);
  const named = ours ? namedBy(item.merchantReference) : null;
  const occurredAtMs = Date.parse(item.eventDate);
  const effect: NotificationEffect = named === null ? { kind: 'ignored' } : effectOf(item, named.kind);
  const whole = ['released', 'returned', 'ignored'].includes(effect.kind) || item.eventCode === 'CANCELLATION';
  return {
    // Without the time and every unsigned field: duplicates have the same one (webhooks, "duplicates").
    eventId: isAmbiguous(item)
      ? `ambiguous:${item.additionalData.hmacSignature}`
      : `${item.eventCode}:${item.pspReference}:${item.success}`,
    occurredAtMs: Number.isNaN(occurredAtMs) ? 0 : occurredAtMs,
    reference: named?.reference ?? null,
    order: ['released', 'returned', 'moved_elsewhere', 'disputed'].includes(effect.kind)
      ? null
      : (named?.order ?? null),
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
  const execution = item.pspReference;
  const stage = Object.hasOwn(disputeStages, item.eventCode) ? disputeStages[item.eventCode] : undefined;
  if (stage !== undefined) return done ? { kind: 'disputed', dispute: item.pspReference, ...stage } : ignored;
  const outcome = (kind: Named['kind']): NotificationEffect => {
    if (named !== kind) return ignored;
    return done ? { kind: 'approved', charge, captured: kind === 'capture', execution } : declinedWithoutReason;
  };
  // Asked for in Adyen's own pages, or made by Adyen itself, where the payment alone is named.
  const elsewhere = (object: 'capture' | 'refund', failed: boolean): NotificationEffect =>
    done ? { kind: 'moved_elsewhere', object, id: execution, ofAll: false, failed } : ignored;
  switch (item.eventCode) {
    case 'AUTHORISATION':
      return done ? { kind: 'authorized', charge } : declinedWithoutReason;
    case 'PENDING':
      return { kind: 'pending', charge };
    case 'CAPTURE':
      return named === 'charge' ? elsewhere('capture', false) : outcome('capture');
    case 'REFUND':
      return named === 'charge' ? elsewhere('refund', false) : outcome('refund');
    case 'CANCELLATION':
      return named === 'charge' && done ? { kind: 'released' } : outcome('void');
    case 'TECHNICAL_CANCEL':
    case 'EXPIRE':
    case 'OFFER_CLOSED':
      return done ? { kind: 'released' } : ignored;
    case 'CAPTURE_FAILED':
    case 'REFUND_FAILED':
    case 'REFUNDED_REVERSED': {
      if (named === 'charge') return elsewhere(item.eventCode === 'CAPTURE_FAILED' ? 'capture' : 'refund', true);
      return done ? { kind: 'reversed', execution } : ignored;
    }
    case 'CANCEL_OR_REFUND':
      // Signed is that it was done and not which of the two: what the payment was by then says it.
      return done ? { kind: 'returned', id: execution } : ignored;
    default:
      return ignored;
  }
}

const ignored: NotificationEffect = { kind: 'ignored' };
