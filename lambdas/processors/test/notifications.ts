// The test processor's webhooks: signed over time and body, then read by the same rules as those of other providers. A signature
// made for anything else is never valid here: the signed text begins with this scheme's name.

import * as v from 'valibot';
import type { Secret } from '../../kernel/crypto/secret.ts';
import { type NotificationEffect, type NotificationScheme, orderNamed } from '../notification.ts';
import { declined, failedOf } from '../outcomes.ts';
import { jsonOf, refuseUnsigned, signed } from '../timed_signature.ts';

const context = 'strongroom-test-processor.';

export const signatureHeader = 'test-processor-signature';

/** What the processor sends. */
export const signNotification = (raw: Uint8Array, secret: Secret<string>, nowMs: number): string =>
  signed(raw, [secret], nowMs, context);

const Id = v.pipe(v.string(), v.regex(/^[a-z]{1,8}_[A-Za-z0-9_]{1,80}$/));

export const Message = v.object({
  id: Id,
  type: v.pipe(v.string(), v.regex(/^[a-z]{1,20}\.[a-z_]{1,40}$/)),
  occurred_at: v.pipe(v.string(), v.isoTimestamp()),
  data: v.object({
    charge: v.pipe(v.string(), v.regex(/^ch_[A-Za-z0-9]{1,64}$/)),
    /** The merchant's payment, and its object that asked. */
    reference: v.string(),
    order: v.string(),
    amount: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
    currency: v.string(),
    /** Charges only: captured at once. */
    capture: v.boolean(),
    action_path: v.nullable(v.pipe(v.string(), v.regex(/^\/(?:actions|fields)\/[A-Za-z0-9_]{1,80}$/))),
    decline_code: v.nullable(v.pipe(v.string(), v.regex(/^[a-z0-9_]{1,64}$/))),
  }),
});

export type Message = v.InferOutput<typeof Message>;

/** `base`: where the test processor is reached, for its challenges; null where there is none, and so none of those. */
export const testNotifications = (base: URL | null): NotificationScheme => ({
  provider: 'test',
  accepted: { status: 200, body: '' },
  receive(raw, headers, secrets, nowMs) {
    const refused = refuseUnsigned(raw, headers(signatureHeader), secrets, nowMs, context);
    if (refused !== null) return { refused };
    const message = v.safeParse(Message, jsonOf(raw));
    if (!message.success) return { refused: 'malformed' };
    const { id, type, occurred_at, data } = message.output;
    const named = orderNamed(data.reference, data.order);
    const effect: NotificationEffect = named === null ? { kind: 'ignored' } : effectOf(type, data, base);
    const whole = named === null || effect.kind === 'disputed';
    return {
      notifications: [
        {
          eventId: id,
          occurredAtMs: Date.parse(occurred_at),
          reference: named?.reference ?? null,
          order: whole ? null : named.order,
          charge: data.charge,
          amount: whole ? null : { minor: data.amount, currency: data.currency },
          effect,
        },
      ],
    };
  },
});

function effectOf(type: string, data: Message['data'], base: URL | null): NotificationEffect {
  const { charge, decline_code: declineCode, action_path } = data;
  switch (type) {
    case 'charge.approved':
      return { kind: 'approved', charge, captured: data.capture };
    case 'charge.requires_action':
      return action_path === null || base === null
        ? { kind: 'ignored' }
        : { kind: 'requires_action', charge, url: new URL(`.${action_path}`, base).href };
    case 'charge.in_review':
      return { kind: 'in_review', charge };
    case 'charge.pending':
      return { kind: 'pending', charge };
    case 'charge.attempt_failed': {
      return { kind: 'requires_payment_method', charge, client: null, failed: failedOf(declined('test', declineCode)) };
    }
    case 'charge.declined':
    case 'capture.failed':
    case 'refund.failed':
    case 'void.failed':
      return declined('test', declineCode);
    case 'capture.succeeded':
    case 'refund.succeeded':
    case 'void.succeeded':
      return { kind: 'approved', charge, captured: type === 'capture.succeeded' };
    case 'dispute.opened':
      return { kind: 'disputed', dispute: charge, stage: 1, open: true };
    default:
      return { kind: 'ignored' };
  }
}
