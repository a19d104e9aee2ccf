// What callers of the processor see of its book. Amounts are integers in minor units, times RFC 3339 in UTC.

import {
  amountsOf,
  type Charge,
  declineCodeOf,
  disputedAt,
  type Modification,
  type Status,
  statusOf,
} from './money.ts';

const time = (at: number): string => new Date(at).toISOString();

export const modificationView = (modification: Modification) => ({
  id: modification.id,
  charge: modification.charge,
  reference: modification.order,
  kind: modification.kind,
  amount: modification.amount,
  status: modification.status,
  code: modification.code,
  created_at: time(modification.at),
});

/** Where the payer goes on; null: nothing is asked of them. */
export function actionPath({ id }: Pick<Charge, 'id'>, status: Status): string | null {
  if (status === 'requires_payment_method') return `/fields/${id}`;
  return status === 'requires_action' ? `/actions/${id}` : null;
}

const lastDecline = ({ attempts }: Charge): string | null => attempts.at(-1)?.decline_code ?? null;

export function chargeView(charge: Charge, now: number) {
  const { captured, refunded, voided } = amountsOf(charge, now);
  const status = statusOf(charge, now);
  return {
    id: charge.id,
    reference: charge.reference,
    order: charge.order,
    amount: charge.amount,
    currency: charge.currency,
    captured,
    refunded,
    voided,
    status,
    // Relative to the processor's own address, so that a stored answer outlives a change of port.
    action_url: actionPath(charge, status),
    decline_code: status === 'requires_payment_method' ? lastDecline(charge) : null,
    disputed: disputedAt(charge, now),
    capture: charge.capture,
    payment_method: charge.payment_method,
    created_at: time(charge.at),
    modifications: charge.modifications.map(modificationView),
  };
}

export const declineView = (charge: Charge) => ({
  id: charge.id,
  reference: charge.reference,
  order: charge.order,
  amount: charge.amount,
  currency: charge.currency,
  decline_code: declineCodeOf(charge),
  payment_method: charge.payment_method,
  created_at: time(charge.at),
});

/** `charged: false` is a promise: nothing moved, and nothing will under the same key. Without it nothing is promised. */
export const errorView = (code: string, promise: { charged?: false; decline_code?: string | null } = {}) => ({
  error: { code, ...promise },
});
