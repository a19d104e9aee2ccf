// The events of a charge, pure: computed from the ledger. Each has an id of its own, so that the same events come out when
// they are computed again, after a crash too.

import { type Charge, disputeDueAt, isBegunWithout, type Modification } from './money.ts';
import { type Outcome, scriptOf } from './script.ts';
import { actionPath } from './views.ts';

export interface WebhookEvent {
  readonly id: string;
  /** Milliseconds since the epoch; may lie ahead. */
  readonly at: number;
  readonly reference: string;
  readonly body: string;
}

/** The body of a webhook. */
interface Message {
  readonly id: string;
  /** Such as `charge.approved` or `refund.failed`. */
  readonly type: string;
  /** RFC 3339, UTC. */
  readonly occurred_at: string;
  readonly data: {
    readonly charge: string;
    /** The merchant's payment, and its object that asked. */
    readonly reference: string;
    readonly order: string;
    readonly amount: number;
    readonly currency: string;
    /** Whether the charge is captured at once. */
    readonly capture: boolean;
    /** Path of the payer's challenge. */
    readonly action_path: string | null;
    readonly decline_code: string | null;
  };
}

/** In the order in which they happen, those included that are still to come. */
export function eventsOf(charge: Charge): WebhookEvent[] {
  const { settlement } = charge;
  const approvedAfterMs = charge.outcome === 'pending' ? scriptOf(charge.payment_method)?.approvedAfterMs : undefined;
  const disputedAt = disputeDueAt(charge, Number.POSITIVE_INFINITY);
  return [
    ...begun(charge),
    ...(settlement === null
      ? []
      : [chargeEvent(charge, settlement.approved ? 'approved' : 'declined', settlement.at, settlement.declineCode)]),
    ...(approvedAfterMs === undefined
      ? []
      : [chargeEvent(charge, 'approved', charge.decidedAt + approvedAfterMs, null)]),
    ...charge.modifications.map((modification) => modificationEvent(charge, modification)),
    ...(disputedAt === null ? [] : [event(charge, 'dispute.opened', `${charge.id}_dispute`, disputedAt, {})]),
  ].sort((a, b) => a.at - b.at);
}

/** How it began: with its payment method, or with what its payer chose, each time. */
function begun(charge: Charge): WebhookEvent[] {
  const { attempts } = charge;
  if (!isBegunWithout(charge)) return [chargeEvent(charge, charge.outcome, charge.at, charge.decline_code)];
  return [
    chargeEvent(charge, 'requires_payment_method', charge.at, null),
    ...attempts.map(({ outcome, at, decline_code }, index) =>
      outcome === 'declined'
        ? event(charge, 'charge.attempt_failed', `${charge.id}_attempt${index}`, at, { decline_code })
        : chargeEvent(charge, outcome, at, null),
    ),
  ];
}

const chargeEvent = (charge: Charge, status: Outcome, at: number, decline_code: string | null): WebhookEvent =>
  event(charge, `charge.${status}`, `${charge.id}_${status}`, at, {
    decline_code,
    action_path: actionPath(charge, status),
  });

const modificationEvent = (charge: Charge, { id, kind, status, at, order, amount, code }: Modification): WebhookEvent =>
  event(charge, `${kind}.${status}`, id, at, { order, amount, decline_code: code });

function event(charge: Charge, type: string, id: string, at: number, data: Partial<Message['data']>): WebhookEvent {
  const message: Message = {
    id: `evt_${id}`,
    type,
    occurred_at: new Date(at).toISOString(),
    data: {
      charge: charge.id,
      reference: charge.reference,
      order: charge.order,
      amount: charge.amount,
      currency: charge.currency,
      capture: charge.capture,
      action_path: null,
      decline_code: null,
      ...data,
    },
  };
  return { id: message.id, at, reference: charge.reference, body: JSON.stringify(message) };
}
