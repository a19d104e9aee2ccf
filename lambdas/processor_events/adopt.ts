// Takes over what was captured or refunded at a provider's own pages: it becomes a capture or refund of the payment, as if it
// had been asked for here, under an id that the provider's own name of it gives. So it counts once, however often it is told.

import { sealFields } from '../kernel/crypto/sealed_fields.ts';
import type { Change } from '../kernel/domain/decision.ts';
import { Defect } from '../kernel/domain/refusal.ts';
import type { HandlerPorts } from '../kernel/operation/call.ts';
import { timestamp } from '../kernel/platform/clock.ts';
import { derivedId } from '../kernel/platform/ids.ts';
import type { AuditContext } from '../kernel/store/commit.ts';
import { conflict, untilCommitted } from '../kernel/store/retry.ts';
import { adoptModification } from '../payments/domain/adopt_modification.ts';
import type { ExecutionReport } from '../payments/domain/executions.ts';
import { settleNotification } from '../payments/domain/operation.ts';
import { awaitsOutcome, type Payment, reportOwnCapture } from '../payments/domain/payment.ts';
import { recordSettlement } from '../payments/execute.ts';
import { commitOperation, loadWithModification } from '../payments/store.ts';
import { declinedWithoutReason } from '../processors/outcomes.ts';
import type { MovedElsewhere, Outcome } from './domain/processor_event.ts';

interface Reported {
  readonly effect: MovedElsewhere;
  readonly amount: { readonly minor: number; readonly currency: string } | null;
}

export async function adopt(
  ports: HandlerPorts,
  { id: paymentId, tenant, mode, connection, currency }: Payment,
  { effect, amount }: Reported,
  audit: AuditContext,
): Promise<Outcome> {
  const { platform, keyring } = ports;
  const { object: kind } = effect;
  if (amount?.currency !== currency) return 'contradicted';
  const id = derivedId(kind, platform.config.zone, ['elsewhere', connection ?? '', effect.id]);
  const sealedFields =
    kind === 'refund' ? await sealFields(keyring, { object: kind, id, tenant, mode }, { reason: null }) : null;
  return untilCommitted(platform, async () => {
    const { payment, modification } = await loadWithModification(platform, paymentId, id);
    if (payment === undefined) throw new Defect('a committed payment is gone');
    const own =
      modification === undefined && kind === 'capture' ? ownCapture(payment.value, effect, amount) : undefined;
    if (typeof own === 'string') return own;
    if (own !== undefined) {
      const change = { next: { payment: own.next, modification: null }, fact: own.fact };
      const done = await commitOperation(platform, { payment, modification: null }, change, audit);
      return done === conflict ? conflict : 'applied';
    }
    if (modification !== undefined) {
      if (!effect.failed) return 'applied';
      const decide = (now: Parameters<typeof settleNotification>[0]) =>
        settleNotification(now, declinedWithoutReason, platform.clock());
      const { stored } = await recordSettlement(ports, { payment, modification }, decide, audit);
      return stored.modification?.value.status === 'failed' ? 'applied' : 'contradicted';
    }
    // It failed before its success was told here, if that ever comes.
    if (effect.failed) return 'waiting';
    const ms = platform.clock();
    const request = { kind, id, amount: amount.minor, ofAll: effect.ofAll, sealedFields };
    const decided = adoptModification(payment.value, request, { ms, text: timestamp(ms) });
    if (decided === null) return 'applied';
    if (typeof decided === 'string') return decided === 'waits' ? 'waiting' : 'contradicted';
    const done = await commitOperation(platform, { payment, modification: null }, decided, audit);
    return done === conflict ? conflict : 'applied';
  });
}

/** Of a payment that was captured as it was made: its capture has no object of its own. Undefined: it is another one. */
function ownCapture(
  payment: Payment,
  { id: execution, failed }: MovedElsewhere,
  { minor }: { readonly minor: number },
): Change<Payment> | Outcome | undefined {
  const isOwn = payment.capture_method === 'automatic' && !awaitsOutcome(payment) && minor === payment.amount;
  if (!isOwn) return undefined;
  const report: ExecutionReport = failed
    ? { ...declinedWithoutReason, execution }
    : { kind: 'approved', charge: payment.charge ?? '', captured: true, execution };
  const reported = reportOwnCapture(payment, report);
  return reported === 'known' ? 'applied' : (reported ?? 'contradicted');
}
