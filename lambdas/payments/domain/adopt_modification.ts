// Captures and refunds that were made at the processor itself, as modifications of the payment.

import type { Change } from '../../kernel/domain/decision.ts';
import type { Sealed } from '../../kernel/domain/sealed_text.ts';
import type { ProviderFact } from '../../processors/domain/fact.ts';
import { type Modified, requestModification, settleModification } from './modification.ts';
import { awaitsOutcome, type Payment } from './payment.ts';

/**
 * What was captured or refunded at the processor itself: a modification that has succeeded. Null: it counts already. `waits`: it
 * can only follow something that is not known here yet.
 */
export function adoptModification(
  payment: Payment,
  request: {
    readonly kind: 'capture' | 'refund';
    readonly id: string;
    readonly amount: number;
    /** The amount is of all that was captured so by now. */
    readonly ofAll: boolean;
    readonly sealedFields: Sealed<string> | null;
  },
  now: { readonly ms: number; readonly text: string },
): Change<Modified> | 'waits' | 'contradicts' | null {
  const { kind, id, ofAll, sealedFields } = request;
  if (awaitsOutcome(payment)) return 'waits';
  const before = payment.captured_elsewhere ?? 0;
  const amount = ofAll ? request.amount - before : request.amount;
  if (amount <= 0) return null;
  const asked = requestModification(
    payment,
    { kind, id, amount, sealedFields, bodyDigest: '', despiteDispute: true },
    now,
  );
  if ('refused' in asked) {
    // A capture before it may still turn out to have failed.
    const undecided = payment.capture_reserved + payment.refund_reserved > 0 || (kind === 'capture' && before > 0);
    return undecided || (kind === 'refund' && payment.status === 'authorized') ? 'waits' : 'contradicts';
  }
  const moved: ProviderFact = { kind: 'approved', charge: payment.charge ?? '', captured: kind === 'capture' };
  const done = settleModification(asked.next, moved, now.ms);
  if (done === null || kind === 'refund') return done;
  const captured_elsewhere = before + amount;
  const capture = { ...done.next.modification, ...(ofAll && { elsewhere_by_then: captured_elsewhere }) };
  return { ...done, next: { payment: { ...done.next.payment, captured_elsewhere }, modification: capture } };
}
