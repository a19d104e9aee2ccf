// Carries an instruction to its processor and records the outcome. Called by whoever holds the instruction's lease:
// a handler, a repeat that took over from a crash, the sweeper. It may be killed at any line: what is committed says
// which key was in use, and whoever comes next goes on from there.

import { moneyLimits as limits } from '../../contract/payments/limits.ts';
import { Payment } from '../../contract/payments/payment.ts';
import { withOpenFields } from '../kernel/crypto/sealed_fields.ts';
import { Defect, Refusal } from '../kernel/domain/refusal.ts';
import { serialize } from '../kernel/domain/serialize.ts';
import type { Answer } from '../kernel/operation/call.ts';
import type { AuditContext } from '../kernel/store/commit.ts';
import type { ProviderFact } from '../processors/domain/fact.ts';
import { unknown } from '../processors/outcomes.ts';
import { orderWithSecrets } from './charge_secrets.ts';
import { mayResend, notFoundIsConclusive, providerKey } from './domain/intent.ts';
import { publicModification } from './domain/modification.ts';
import {
  intentOf,
  isAwaited,
  type ProcessorOperation,
  type Settlement,
  settle,
  subjectOf,
} from './domain/operation.ts';
import type { MoneyPorts } from './ports.ts';
import { loadOperation, operationOf, type StoredOperation, updateOperation } from './store.ts';

/** What the processor said, about which attempt, and whether we had sent anything. */
interface Report {
  readonly fact: ProviderFact;
  readonly attempt: number;
  readonly sent: boolean;
}

/** How it ended. `first` is the first reply, where this very call wrote it; nobody else needs to open one. */
interface Executed {
  readonly stored: StoredOperation;
  readonly first: Answer | null;
}

/** For whoever must answer: carries the instruction, and gives the reply that was written first. */
export async function executeAndReply(ports: MoneyPorts, held: StoredOperation, act: AuditContext): Promise<Answer> {
  const { stored, first } = await execute(ports, held, act);
  return first ?? firstReply(ports, stored);
}

export async function execute(ports: MoneyPorts, held: StoredOperation, act: AuditContext): Promise<Executed> {
  const leaseUntilMs = intentOf(operationOf(held)).lease_until_ms ?? 0;
  const untilMs = Math.min(ports.platform.clock() + limits.providerDeadlineMs, leaseUntilMs - limits.leaseMarginMs);
  let current = held;
  for (let sends = 0; sends < limits.attempts; sends += 1) {
    const report = await askProcessor(ports, operationOf(current), untilMs);
    const decide = (now: ProcessorOperation) => settle(now, report.fact, report, ports.platform.clock());
    const recorded = await recordSettlement(ports, current, decide, act);
    if (!recorded.again) return recorded;
    current = recorded.stored;
  }
  throw new Defect('an instruction was sent more often than its attempts allow');
}

async function askProcessor(ports: MoneyPorts, instruction: ProcessorOperation, untilMs: number): Promise<Report> {
  const { platform } = ports;
  const intent = intentOf(instruction);
  const { id } = subjectOf(instruction);
  const { tenant } = instruction.payment;
  const processor = await ports.processorOf(instruction.payment).catch(refusalOf);
  if (processor instanceof Refusal) {
    // It has said nothing: whoever looks next asks again.
    platform.log('operation_not_executed', { object: id, tenant, attempt: intent.attempt, code: processor.code });
    // Stryker disable next-line BooleanLiteral: of what is not known it makes no difference whether it was sent.
    return { fact: unknown, attempt: intent.attempt, sent: false };
  }
  const order = await orderWithSecrets(ports.keyring, instruction);
  // From here on: what came before may have taken time.
  const now = platform.clock();
  const sent = !isAwaited(instruction) && mayResend(intent, processor.keyLifetimeMs, now);
  const leftMs = untilMs - now;
  // Stryker disable next-line BooleanLiteral: of what is not known it makes no difference whether it was sent.
  if (leftMs < limits.providerMinMs) return { fact: unknown, attempt: intent.attempt, sent: false };
  const told = sent
    ? await processor.send(order, providerKey(id, intent), leftMs)
    : await processor.lookUp(order, leftMs);
  const absent = !sent && told.kind === 'not_charged';
  const fact: ProviderFact =
    absent && !notFoundIsConclusive(intent, processor.keyLifetimeMs, platform.clock()) ? unknown : told;
  platform.log('provider_answered', {
    object: id,
    tenant,
    attempt: intent.attempt,
    provider_fact: fact.kind,
    duration_ms: platform.clock() - now,
  });
  return { fact, attempt: intent.attempt, sent };
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  throw error;
}

/** What recording needs of the ports: none of what asks a processor. */
type RecordPorts = Pick<MoneyPorts, 'platform' | 'keyring'>;

/**
 * Commits what `decide` makes of the instruction, anew on whatever it is by then where another was faster. Null: nothing
 * more is to be made of it. `again`: it must be sent once more, under its next key.
 */
export async function recordSettlement(
  ports: RecordPorts,
  from: StoredOperation,
  decide: (now: ProcessorOperation) => Settlement | null,
  act: AuditContext,
): Promise<Executed & { readonly again: boolean }> {
  let current = from;
  for (let tries = 0; tries < limits.commitTries; tries += 1) {
    const settlement = decide(operationOf(current));
    if (settlement === null) return { stored: current, first: null, again: false };
    const { next, body } = await withReply(ports, settlement);
    const updated = await updateOperation(ports.platform, current, next, settlement.fact, act);
    if (updated !== 'conflict') {
      const outcome = settlement.fact === null ? 'unchanged' : 'committed';
      return { stored: updated, first: body === null ? null : { body, outcome }, again: settlement.again };
    }
    await pause(ports, tries);
    current = await reload(ports, current);
  }
  throw new Refusal('unavailable', { retryAfterSeconds: Math.ceil(limits.leaseMs / 1000) });
}

/**
 * Whoever settles writes the first reply in the same commit; one that is written never changes. While it goes on, the
 * reply is the lease holder's.
 */
async function withReply(
  ports: RecordPorts,
  { next }: Settlement,
): Promise<{ next: ProcessorOperation; body: string | null }> {
  if (intentOf(next).lease_until_ms !== null || subjectOf(next).reply !== null) return { next, body: null };
  const { payment, modification } = next;
  if (modification === null) {
    const body = serialize(Payment, await withOpenFields(payment, ports.keyring));
    return { body, next: { modification, payment: { ...payment, reply: await sealReply(ports, next, body) } } };
  }
  const shown = await withOpenFields(modification, ports.keyring);
  const body = serialize(publicModification[modification.object], shown);
  return { body, next: { payment, modification: { ...modification, reply: await sealReply(ports, next, body) } } };
}

const replyPlace = (instruction: ProcessorOperation) => ({
  tenant: instruction.payment.tenant,
  mode: instruction.payment.mode,
  purpose: 'reply',
  table: 'payments',
  item: subjectOf(instruction).id,
  field: 'reply',
});

const sealReply = (ports: RecordPorts, instruction: ProcessorOperation, body: string) =>
  ports.keyring.seal(body, replyPlace(instruction));

/** The reply that was written first. Absent: someone else holds the lease and will write it. */
export async function firstReply(ports: MoneyPorts, stored: StoredOperation): Promise<Answer> {
  const instruction = operationOf(stored);
  const { reply } = subjectOf(instruction);
  if (reply === null) throw new Refusal('idempotency_in_progress', { retryAfterSeconds: 1 });
  return { body: await ports.keyring.open(reply, replyPlace(instruction)), outcome: 'replayed' };
}

/** Racing commits of one payment: wait a little, each a different while, then look again. */
export const pause = (ports: RecordPorts, tries: number): Promise<void> => {
  const jitter = (ports.platform.random(1)[0] ?? 0) / 255;
  return ports.platform.sleep(limits.commitBackoffMs * (1 + Math.min(tries, 8)) * jitter);
};

export async function reload(ports: RecordPorts, stored: StoredOperation): Promise<StoredOperation> {
  const { payment, modification } = operationOf(stored);
  const found = await loadOperation(ports.platform, payment.id, modification?.id ?? null);
  if (found === undefined) throw new Defect('a committed instruction is gone');
  return found;
}
