// Captures, refunds and voids: reserve, carry, settle. The three differ in domain/modification.ts alone.

import { moneyLimits as limits } from '../../contract/payments/limits.ts';
import { sealFields } from '../kernel/crypto/sealed_fields.ts';
import { Refusal } from '../kernel/domain/refusal.ts';
import { owns } from '../kernel/domain/tenant_scope.ts';
import { type Answer, committed, type Identity } from '../kernel/operation/call.ts';
import { auditContextOf, tenantScopeOf } from '../kernel/operation/scope.ts';
import { timestamp } from '../kernel/platform/clock.ts';
import { type ModificationKind, requestModification } from './domain/modification.ts';
import { executeAndReply, pause } from './execute.ts';
import type { MoneyPorts } from './ports.ts';
import { resumeOrReplay } from './repeat.ts';
import { createModification, loadWithModification } from './store.ts';

interface ModificationCall {
  readonly requestId: string;
  readonly identity: Identity;
  readonly sourceAddress: string;
  readonly params: Readonly<Record<string, string>>;
  readonly sent: unknown;
  readonly objectId: string;
}

export async function modify(
  kind: ModificationKind,
  call: ModificationCall,
  request: { readonly amount?: number | undefined; readonly reason?: string | undefined },
  ports: MoneyPorts,
): Promise<Answer> {
  const { platform } = ports;
  const member = tenantScopeOf(call.identity);
  // Stryker disable next-line StringLiteral: the path has it; the types cannot say so.
  const paymentId = call.params.payment_id ?? '';
  const { reason = null } = request;
  const bearer = { object: kind, id: call.objectId, ...member };
  const [act, bodyDigest, sealedFields] = await Promise.all([
    auditContextOf(call, member, ports.keyring),
    ports.digests.of(call.sent),
    kind === 'refund' ? sealFields(ports.keyring, bearer, { reason }) : null,
  ]);
  for (let tries = 0; tries < limits.commitTries; tries += 1) {
    const { payment, modification } = await loadWithModification(platform, paymentId, call.objectId);
    if (payment === undefined || !owns(member, payment.value)) throw new Refusal('payment_not_found');
    if (modification !== undefined) return resumeOrReplay(ports, { payment, modification }, call.sent, act);
    const now = platform.clock();
    const decided = requestModification(
      payment.value,
      { kind, id: call.objectId, amount: request.amount, sealedFields, bodyDigest },
      { ms: now, text: timestamp(now) },
    );
    if ('refused' in decided) throw new Refusal(decided.refused);
    // Before anything is reserved: what cannot be asked now is refused now.
    await ports.processorOf(payment.value);
    const done = await createModification(platform, payment, decided.next, decided.fact, act);
    if (done.kind === 'committed') {
      return committed((await executeAndReply(ports, { payment: done.rows[0], modification: done.rows[1] }, act)).body);
    }
    await pause(ports, tries);
  }
  throw new Refusal('unavailable', { retryAfterSeconds: 1 });
}
