// A request whose object exists already: the same answer again, a refusal, or taking over from one that crashed.

import type { Answer } from '../kernel/operation/call.ts';
import { judgeRepeat } from '../kernel/operation/idempotency.ts';
import { Refusal } from '../kernel/operation/refusal.ts';
import type { Act } from '../kernel/store/commit.ts';
import { takeLease } from './domain/intent.ts';
import { type Instruction, intentOf, subjectOf, withIntent } from './domain/operation.ts';
import { carryAndAnswer, firstReply } from './execute.ts';
import type { MoneyPorts } from './ports.ts';
import { instructionOf, type StoredInstruction, updateInstruction } from './store.ts';

export async function repeat(ports: MoneyPorts, found: StoredInstruction, sent: unknown, act: Act): Promise<Answer> {
  const instruction = instructionOf(found);
  const subject = subjectOf(instruction);
  const sameBody = await ports.digests.matches(sent, subject.body_digest);
  const judged = judgeRepeat(subject, sameBody, intentOf(instruction).lease_until_ms, ports.platform.clock());
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
      return carryAndAnswer(ports, held, act);
    }
  }
}

/** Takes the lease of an instruction that nobody holds; null where another was faster. */
export async function holdLease(
  ports: MoneyPorts,
  found: StoredInstruction,
  instruction: Instruction,
  act: Act,
): Promise<StoredInstruction | null> {
  const intent = takeLease(intentOf(instruction), ports.platform.clock());
  if (intent === null) return null;
  const held = await updateInstruction(ports.platform, found, withIntent(instruction, intent), null, act);
  return held === 'conflict' ? null : held;
}
