// The test processor's answers as facts, pure. `not_charged` is said only on the processor's explicit word; an answer
// about another order, amount or currency is `unknown`, however well it is formed.

import * as v from 'valibot';
import type { Order, ProviderFact } from '../domain/fact.ts';
import { canceled, declined, failedOf, refused, setUpRefused } from '../outcomes.ts';
import { ChargeAnswer, ChargeList, DeclineList, ModificationAnswer, NotChargedAnswer } from './answers.ts';
import type { Reply } from './exchange.ts';

export const unknown: ProviderFact = { kind: 'unknown' };

/** The answer to an order that was sent. */
export function factOfSend(order: Order, base: URL, reply: Reply | null): ProviderFact {
  if (reply === null) return unknown;
  if (reply.status !== 201) return factOfFailure(reply);
  if (order.kind === 'charge') {
    const charge = v.safeParse(ChargeAnswer, reply.body);
    return charge.success ? factOfCharge(order, base, charge.output) : unknown;
  }
  const modification = v.safeParse(ModificationAnswer, reply.body);
  return modification.success ? factOfModification(order, modification.output) : unknown;
}

function factOfFailure(reply: Reply): ProviderFact {
  const { status, body } = reply;
  const parsed = v.safeParse(NotChargedAnswer, body);
  if (!parsed.success) return unknown;
  const { code, decline_code } = parsed.output.error;
  if (status === 402 && code === 'card_declined') return declined('test', decline_code);
  if (status === 403 && code === 'account_refused') return setUpRefused(reply);
  // Busy or unable: another try may succeed.
  if (status === 429 || status === 503) return { kind: 'not_charged' };
  // Against the processor's rules: another key would be refused in the same way.
  if ([400, 404, 413, 422].includes(status)) return refused;
  return unknown;
}

function factOfCharge(order: Order, base: URL, charge: ChargeAnswer): ProviderFact {
  const ours =
    charge.reference === order.reference &&
    charge.order === order.id &&
    charge.amount === order.amount &&
    charge.currency === order.currency &&
    charge.capture === order.capture;
  if (!ours) return unknown;
  if (charge.status === 'approved') return { kind: 'approved', charge: charge.id, captured: charge.capture };
  if (charge.status === 'canceled') return canceled;
  if (charge.status !== 'requires_action' && charge.status !== 'requires_payment_method') {
    return { kind: charge.status, charge: charge.id };
  }
  const url = new URL(`.${charge.action_url}`, base).href;
  if (charge.status === 'requires_action') return { kind: 'requires_action', charge: charge.id, url };
  const { decline_code: code } = charge;
  return {
    kind: 'requires_payment_method',
    charge: charge.id,
    client: { provider: 'test', url },
    failed: code === null ? null : failedOf(declined('test', code)),
  };
}

function factOfModification(order: Order, modification: ModificationAnswer): ProviderFact {
  const ours =
    modification.reference === order.id &&
    modification.kind === order.kind &&
    modification.amount === order.amount &&
    modification.charge === order.charge;
  if (!ours) return unknown;
  if (modification.status === 'failed') return declined('test', modification.code);
  return { kind: 'approved', charge: modification.charge, captured: order.kind === 'capture' };
}

/** What the charges of the order's reference say about it; null if they hold no trace of it. */
export function factOfCharges(order: Order, base: URL, reply: Reply | null): ProviderFact | null {
  const list = reply?.status === 200 ? v.safeParse(ChargeList, reply.body) : null;
  if (!list?.success) return unknown;
  const { data, has_more, requests_running } = list.output;
  const found = order.kind === 'charge' ? chargeFact(order, base, data) : modificationFact(order, data);
  if (found !== null) return found;
  // A longer list or a request that still runs may yet hold it.
  return has_more || requests_running > 0 ? unknown : null;
}

/** Every method here may be used as often as one likes. */
export function methodPaidWith(order: Order, reply: Reply | null): string | null {
  const list = reply?.status === 200 ? v.safeParse(ChargeList, reply.body) : null;
  const charges = list?.success ? list.output.data : [];
  const paid = charges.find((each) => each.order === order.id && each.status === 'approved');
  return paid?.payment_method ?? null;
}

/** The first charge of an order is the order's; a second one could only be a processor's double. */
function chargeFact(order: Order, base: URL, charges: readonly ChargeAnswer[]): ProviderFact | null {
  const charge = charges.find((each) => each.order === order.id);
  return charge === undefined ? null : factOfCharge(order, base, charge);
}

function modificationFact(order: Order, charges: readonly ChargeAnswer[]): ProviderFact | null {
  const ours = charges.flatMap((charge) => charge.modifications).filter(({ reference }) => reference === order.id);
  const modification = ours.find(({ status }) => status === 'succeeded') ?? ours[0];
  return modification === undefined ? null : factOfModification(order, modification);
}

/** What the declines of the order's reference say, once its charges held no trace of it. */
export function factOfDeclines(order: Order, reply: Reply | null): ProviderFact {
  const list = reply?.status === 200 ? v.safeParse(DeclineList, reply.body) : null;
  if (!list?.success) return unknown;
  const decline = list.output.data.find((each) => each.order === order.id && each.reference === order.reference);
  if (decline !== undefined) return declined('test', decline.decline_code);
  return list.output.has_more ? unknown : { kind: 'not_charged' };
}
