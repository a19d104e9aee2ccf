// Ends a payment that waits for its payer: because its merchant says so, or because its payer's time is over. Where the processor
// can cancel, that is a void of the whole amount, fenced and settled as every void is; it fails where the payer was faster. Where it
// cannot, the payment ends here alone, and what its payer still pays is recorded.

import { Refusal } from '../kernel/domain/refusal.ts';
import { timestamp } from '../kernel/platform/clock.ts';
import { derivedId } from '../kernel/platform/ids.ts';
import { type AuditContext, commitChange } from '../kernel/store/commit.ts';
import type { Guard } from '../kernel/store/guard.ts';
import { conflict } from '../kernel/store/retry.ts';
import type { Stored } from '../kernel/store/row.ts';
import { requestModification } from './domain/modification.ts';
import { endWaiting, waitsForPayer } from './domain/payer.ts';
import type { Payment } from './domain/payment.ts';
import { execute } from './execute.ts';
import type { MoneyPorts } from './ports.ts';
import { commitOperation, paymentRow } from './store.ts';

/** Refuses where it waits for no payer, or where a check does not hold. The payment as it is afterwards, which may be paid; `conflict`: another was faster. */
export async function cancelWaiting(
  ports: MoneyPorts,
  payment: Stored<Payment>,
  as: 'canceled' | 'expired',
  audit: AuditContext,
  checks: readonly Guard[],
): Promise<Stored<Payment> | typeof conflict> {
  const { platform, processorOf } = ports;
  const { id, modifications } = payment.value;
  if (!waitsForPayer(payment.value)) throw new Refusal('payment_not_cancelable');
  if (!(await processorOf(payment.value)).cancelsWaiting) {
    const ended = await commitChange(platform, paymentRow, payment, endWaiting(payment.value, as, true), audit, checks);
    if (ended.kind === 'unmet') throw new Refusal(ended.refused);
    return ended.kind === 'committed' ? ended.rows[0] : conflict;
  }
  const ms = platform.clock();
  const request = {
    kind: 'void',
    // One more than there were: whoever asks at the same time asks for this very void.
    id: derivedId('void', platform.config.zone, [id, 'cancel', modifications.void]),
    amount: undefined,
    sealedFields: null,
    bodyDigest: '',
    cancelsWaiting: true,
    ends: as,
  } as const;
  const decided = requestModification(payment.value, request, { ms, text: timestamp(ms) });
  if ('refused' in decided) throw new Refusal(decided.refused);
  const held = await commitOperation(platform, { payment, modification: null }, decided, audit, checks);
  return held === conflict ? conflict : (await execute(ports, held, audit)).stored.payment;
}
