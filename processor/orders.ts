// What the processor does with an order, pure: the effect for the ledger and the answer for the caller. It never moves
// money that the rules or the script refuse, and a refusal is an effect too: its key stays refused.

import * as v from 'valibot';
import { chargeOf } from './book.ts';
import type { ChargeMade, Effect, ModificationKind, ModificationMade } from './entry.ts';
import { brokenRule, type Charge } from './money.ts';
import { type Script, scriptOf } from './script.ts';
import { chargeView, errorView, modificationView } from './views.ts';

const Name = v.pipe(v.string(), v.minLength(1), v.maxLength(255));
const Amount = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

export const ChargeOrder = v.strictObject({
  reference: Name,
  id: Name,
  amount: Amount,
  currency: v.pipe(v.string(), v.regex(/^[A-Z]{3}$/)),
  /** Absent: the payer chooses one in the processor's fields. */
  payment_method: v.optional(Name),
  capture: v.boolean(),
  /** Its payer is not there. */
  off_session: v.optional(v.boolean(), false),
});
export const ModificationOrder = v.strictObject({ reference: Name, id: Name, amount: Amount });

export type ChargeOrder = v.InferOutput<typeof ChargeOrder>;
export type ModificationOrder = v.InferOutput<typeof ModificationOrder>;

export interface Decision {
  readonly effect: Effect;
  readonly status: number;
  readonly body: unknown;
  /** The answer is stored but not sent. */
  readonly withheld: boolean;
}

/** `turnedAway`: whether the script has refused this reference with that code before. */
export function decideCharge(
  order: ChargeOrder,
  turnedAway: (code: string) => boolean,
  id: string,
  now: number,
): Decision {
  const script = scriptOf(order.payment_method ?? null);
  const refused = (status: number, code: string, withheld = false): Decision => ({
    effect: refusal('charge', order, code),
    status,
    body: errorView(code, { charged: false }),
    withheld,
  });
  if (order.payment_method === undefined) return made(order, { outcome: 'requires_payment_method' }, id, now);
  if (script === undefined) return refused(422, 'unknown_payment_method');
  const { turnsAway } = script;
  if (turnsAway !== undefined) {
    const again = turnedAway(turnsAway.code);
    const withheld = script.withholds === 'first_of_reference' && !again;
    if (!again || !turnsAway.once) return refused(turnsAway.status, turnsAway.code, withheld);
  }
  const isMissed = order.off_session && script.needsPayer === true;
  return made(order, isMissed ? { outcome: 'declined', declineCode: 'authentication_required' } : script, id, now);
}

function made(order: ChargeOrder, script: Script, id: string, now: number): Decision {
  const effect: ChargeMade = {
    type: 'charge',
    id,
    reference: order.reference,
    order: order.id,
    amount: order.amount,
    currency: order.currency,
    payment_method: order.payment_method ?? null,
    capture: order.capture,
    outcome: script.outcome,
    decline_code: script.declineCode ?? null,
  };
  const declined = script.outcome === 'declined';
  return {
    effect,
    status: declined ? 402 : 201,
    body: declined
      ? errorView('card_declined', { charged: false, decline_code: effect.decline_code })
      : chargeView(chargeOf(effect, now), now),
    withheld: script.withholds === 'first_of_key',
  };
}

export function decideModification(
  charge: Charge | undefined,
  kind: ModificationKind,
  order: ModificationOrder,
  id: string,
  now: number,
): Decision {
  const refused = (status: number, code: string): Decision => ({
    effect: refusal(kind, order, code),
    status,
    body: errorView(code, { charged: false }),
    withheld: false,
  });
  if (charge === undefined || charge.reference !== order.reference) return refused(404, 'charge_not_found');
  const broken = brokenRule(charge, kind, order.amount, now);
  if (broken !== null) return refused(422, broken);
  const fails = kind === 'refund' && scriptOf(charge.payment_method)?.refundsFail === true;
  const effect: ModificationMade = {
    type: 'modification',
    id,
    charge: charge.id,
    order: order.id,
    kind,
    amount: order.amount,
    status: fails ? 'failed' : 'succeeded',
    code: fails ? 'refund_declined' : null,
  };
  return { effect, status: 201, body: modificationView({ ...effect, at: now }), withheld: false };
}

const refusal = (
  kind: 'charge' | ModificationKind,
  order: { reference: string; id: string; amount: number },
  code: string,
): Effect => ({ type: 'refusal', kind, reference: order.reference, order: order.id, amount: order.amount, code });

/** The payer's choice in the processor's fields, of a charge that waits for it. Null: there is no such payment method. */
export function decideAttempt(charge: Charge, paymentMethod: string): (Effect & { readonly type: 'attempt' }) | null {
  const script = scriptOf(paymentMethod);
  if (script === undefined) return null;
  const { outcome, declineCode = null } = script;
  return {
    type: 'attempt',
    charge: charge.id,
    payment_method: paymentMethod,
    outcome,
    decline_code: outcome === 'declined' ? declineCode : null,
  };
}
