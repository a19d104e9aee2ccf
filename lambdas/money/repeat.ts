// A request whose object exists already: the same answer again, a refusal, or taking over from one that crashed.

import { type Instruction, intentOf, subjectOf, withIntent } from '../domain/instruction.ts';
import { takeLease } from '../domain/intent.ts';
import { Refusal } from '../domain/refusal.ts';
import { judgeRepeat } from '../domain/repeat.ts';
import type { Answer } from '../handlers/handler.ts';
import type { Act } from '../store/commit.ts';
import { instructionOf, type StoredInstruction, updateInstruction } from '../store/payments.ts';
import { carryAndAnswer, firstReply } from './carry.ts';
import type { MoneyPorts } from './ports.ts';

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
