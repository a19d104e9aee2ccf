// A request whose object exists already: the same answer again, a refusal, or taking over from one that crashed.

import { checkIdempotency } from '../kernel/domain/idempotency.ts';
import { Refusal } from '../kernel/domain/refusal.ts';
import type { Answer } from '../kernel/operation/call.ts';
import type { AuditContext } from '../kernel/store/commit.ts';
import { takeLease } from './domain/intent.ts';
import { intentOf, type ProcessorOperation, subjectOf, withIntent } from './domain/operation.ts';
import { executeAndReply, firstReply } from './execute.ts';
import type { MoneyPorts } from './ports.ts';
import { operationOf, type StoredOperation, updateOperation } from './store.ts';

export async function resumeOrReplay(
  ports: MoneyPorts,
  found: StoredOperation,
  sent: unknown,
  act: AuditContext,
): Promise<Answer> {
  const instruction = operationOf(found);
  const subject = subjectOf(instruction);
  const sameBody = await ports.digests.matches(sent, subject.body_digest);
  const judged = checkIdempotency(subject, sameBody, intentOf(instruction).lease_until_ms, ports.platform.clock());
  switch (judged.kind) {
    case 'mismatch':
      throw new Refusal('idempotency_mismatch');
    case 'in_progress':
      throw new Refusal('idempotency_in_progress', { retryAfterSeconds: judged.retryAfterSeconds });
    case 'replay':
      return firstReply(ports, found);
    case 'resume': {
      const held = await holdLease(ports, found, instruction, act);
      if (held === null) throw new Refusal('idempotency_in_progress', { retryAfterSeconds: 1 });
      return executeAndReply(ports, held, act);
    }
  }
}

/** Takes the lease of an instruction that nobody holds; null where another was faster. */
export async function holdLease(
  ports: MoneyPorts,
  found: StoredOperation,
  instruction: ProcessorOperation,
  act: AuditContext,
): Promise<StoredOperation | null> {
  const intent = takeLease(intentOf(instruction), ports.platform.clock());
  if (intent === null) return null;
  const held = await updateOperation(ports.platform, found, withIntent(instruction, intent), null, act);
  return held === 'conflict' ? null : held;
}
