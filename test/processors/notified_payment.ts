// A payment that providers' notifications are applied to, by the domain's own decisions: pure, no store. Tests compare
// where it ends.

import {
  type Modification,
  type ModificationKind,
  requestModification,
} from '../../lambdas/payments/domain/modification.ts';
import { type ProcessorOperation, settle, toOrder } from '../../lambdas/payments/domain/operation.ts';
import { createPayment, type Payment } from '../../lambdas/payments/domain/payment.ts';
import type { Order, ProviderFact } from '../../lambdas/processors/domain/fact.ts';
import { factFor, type Notification } from '../../lambdas/processors/notification.ts';
import { sealedFields } from '../payments/payment_states.ts';

const now = { ms: 1_790_000_000_000, text: '2026-09-21T14:13:20.000Z' };
let made = 0;

/** Of the form of our ids, each another one. */
export function newId(prefix: 'pay' | 'cap' | 'ref' | 'void'): string {
  made += 1;
  const letters = [...made.toString(26)].map((digit) => String.fromCharCode(97 + Number.parseInt(digit, 26))).join('');
  return `${prefix}_eu_${letters.padStart(26, 'z')}`;
}

export class NotifiedPayment {
  payment: Payment;
  readonly modifications = new Map<string, Modification>();
  /** Stages of disputes, as the domain will have to keep them: of each dispute the highest counts. */
  readonly disputes = new Map<string, { readonly stage: number; readonly open: boolean }>();

  constructor(payment_method: string, capture_method: 'automatic' | 'manual') {
    this.payment = createPayment(
      { id: newId('pay'), tenant: 'ten_eu_x', mode: 'test', processor: 'x', bodyDigest: 'x' },
      { amount: 1000, currency: 'EUR', payment_method, capture_method },
      sealedFields,
      now,
    ).next;
  }

  get order(): Order {
    const order = toOrder({ payment: this.payment, modification: null });
    return { ...order, return_url: 'https://pay.example/return' };
  }

  /** Reserves, as the handler does before it asks the provider. */
  request(kind: ModificationKind, amount: number): Order {
    const prefix = { capture: 'cap', refund: 'ref', void: 'void' } as const;
    const id = newId(prefix[kind]);
    const decided = requestModification(
      this.payment,
      { kind, id, amount, sealedFields: kind === 'refund' ? sealedFields : null, bodyDigest: 'x' },
      now,
    );
    if ('refused' in decided) throw new Error(decided.refused);
    this.payment = decided.next.payment;
    this.modifications.set(id, decided.next.modification);
    return toOrder(decided.next);
  }

  /** The provider's answer to an order. */
  answered(order: Order, fact: ProviderFact): void {
    this.#settle({ payment: this.payment, modification: this.modifications.get(order.id) ?? null }, fact);
  }

  notify(notification: Notification): void {
    const { effect } = notification;
    if (effect.kind === 'disputed') {
      const known = this.disputes.get(effect.dispute);
      if (known === undefined || known.stage < effect.stage) this.disputes.set(effect.dispute, effect);
    }
    for (const modification of [null, ...this.modifications.values()]) {
      const operation = { payment: this.payment, modification };
      const fact = factFor(toOrder(operation), notification);
      if (fact !== null) this.#settle(operation, fact);
    }
  }

  /** All that merchants see of the outcome. */
  get end() {
    const { status, amount_authorized, amount_captured, amount_refunded, amount_voided, charge, last_error } =
      this.payment;
    const { capture_reserved, refund_reserved } = this.payment;
    return {
      status,
      charge,
      last_error: last_error?.code ?? null,
      amounts: {
        amount_authorized,
        amount_captured,
        amount_refunded,
        amount_voided,
        capture_reserved,
        refund_reserved,
      },
      modifications: [...this.modifications.values()].map((each) => `${each.object} ${each.amount} ${each.status}`),
      disputed: [...this.disputes.values()].some(({ open }) => open),
    };
  }

  #settle(operation: ProcessorOperation, fact: ProviderFact): void {
    const settled = settle(operation, fact, { attempt: 1, sent: false }, now.ms);
    if (settled === null) return;
    this.payment = settled.next.payment;
    if (settled.next.modification !== null)
      this.modifications.set(settled.next.modification.id, settled.next.modification);
  }
}
