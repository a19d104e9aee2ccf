// Executes a processor operation: asks the processor and records the outcome. The caller holds the operation's lease: a handler,
// a repeat that resumes after a crash, or the reconciler. It may be killed at any line: what is committed says which key was in
// use, and the next holder of the lease continues from there.

import { moneyLimits as limits } from '../../contract/payments/limits.ts';
import { Payment } from '../../contract/payments/payment.ts';
import { withOpenFields } from '../kernel/crypto/sealed_fields.ts';
import { Defect, Refusal } from '../kernel/domain/refusal.ts';
import { serialize } from '../kernel/domain/serialize.ts';
import type { Answer } from '../kernel/operation/call.ts';
import { replyContext } from '../kernel/operation/create.ts';
import type { AuditContext, StorePlatform } from '../kernel/store/commit.ts';
import { conflict, untilCommitted } from '../kernel/store/retry.ts';
import type { ProviderFact } from '../processors/domain/fact.ts';
import { unknown } from '../processors/outcomes.ts';
import { orderWithSecrets } from './charge_secrets.ts';
import { mayResend, notFoundIsConclusive, providerKey } from './domain/intent.ts';
import { publicModification } from './domain/modification.ts';
import { intentOf, isAwaited, type ProcessorOperation, type Settlement, settle, targetOf } from './domain/operation.ts';
import { openPayment, withClient } from './payer_access.ts';
import type { MoneyPorts } from './ports.ts';
import { commitOperation, loadOperation, operationOf, type StoredOperation } from './store.ts';

/** What the processor said, about which attempt, and whether anything was sent. */
interface Report {
  readonly fact: ProviderFact;
  readonly attempt: number;
  readonly sent: boolean;
}

/** `first` is the first reply, where this very call wrote it: then nobody needs to open it. */
interface Executed {
  readonly stored: StoredOperation;
  readonly first: Answer | null;
}

/** Executes, and gives the first reply that was written. */
export async function executeAndReply(ports: MoneyPorts, held: StoredOperation, audit: AuditContext): Promise<Answer> {
  const { stored, first } = await execute(ports, held, audit);
  return first ?? firstReply(ports, stored);
}

export async function execute(ports: MoneyPorts, held: StoredOperation, audit: AuditContext): Promise<Executed> {
  const leaseUntilMs = intentOf(operationOf(held)).lease_until_ms ?? 0;
  const untilMs = Math.min(ports.platform.clock() + limits.providerDeadlineMs, leaseUntilMs - limits.leaseMarginMs);
  let current = held;
  for (let sends = 0; sends < limits.attempts; sends += 1) {
    const report = await askProcessor(ports, operationOf(current), untilMs);
    const decide = (now: ProcessorOperation) => settle(now, report.fact, report, ports.platform.clock());
    const recorded = await recordSettlement(ports, current, decide, audit);
    await ports.noteAnswer(current.payment.value, report.fact, audit);
    if (!recorded.again) return recorded;
    current = recorded.stored;
  }
  throw new Defect('an operation was sent more often than its attempts allow');
}

async function askProcessor(ports: MoneyPorts, operation: ProcessorOperation, untilMs: number): Promise<Report> {
  const { platform } = ports;
  const intent = intentOf(operation);
  const { id } = targetOf(operation);
  const { tenant } = operation.payment;
  const processor = await ports.processorOf(operation.payment).catch(refusalOf);
  if (processor instanceof Refusal) {
    // The processor has said nothing: the next holder of the lease asks again.
    platform.log('operation_not_executed', { object: id, tenant, attempt: intent.attempt, code: processor.code });
    // Stryker disable next-line BooleanLiteral: of what is not known it makes no difference whether it was sent.
    return { fact: unknown, attempt: intent.attempt, sent: false };
  }
  const order = await orderWithSecrets(ports.keyring, operation);
  // From here on: what came before may have taken time.
  const now = platform.clock();
  const sent = !isAwaited(operation) && mayResend(intent, processor.keyLifetimeMs, now);
  const leftMs = untilMs - now;
  // Stryker disable next-line BooleanLiteral: of what is not known it makes no difference whether it was sent.
  if (leftMs < limits.providerMinMs) return { fact: unknown, attempt: intent.attempt, sent: false };
  const answer = sent
    ? await processor.send(order, providerKey(id, intent), leftMs)
    : await processor.lookUp(order, leftMs);
  const notFound = !sent && answer.kind === 'not_charged';
  const fact: ProviderFact =
    notFound && !notFoundIsConclusive(intent, processor.keyLifetimeMs, platform.clock()) ? unknown : answer;
  if (fact.kind === 'misconfigured') {
    platform.log('connection_refused', { object: operation.payment.connection ?? id, tenant });
  }
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

/** What recording needs of the ports: it asks no processor. */
type RecordPorts = Pick<MoneyPorts, 'platform' | 'keyring'>;

/**
 * Commits what `decide` makes of the operation; where another was faster it decides again, on the operation as it is then.
 * Null: nothing more changes. `again`: the order must be sent once more, under its next key.
 */
export function recordSettlement(
  ports: RecordPorts,
  from: StoredOperation,
  decide: (now: ProcessorOperation) => Settlement | null,
  audit: AuditContext,
): Promise<Executed & { readonly again: boolean }> {
  const { platform } = ports;
  let asRead: StoredOperation | null = from;
  const attempt = async () => {
    const before = asRead ?? (await reload(platform, from));
    asRead = null;
    const settlement = decide(operationOf(before));
    if (settlement === null) return { stored: before, first: null, again: false };
    const { payment, modification } = settlement.next;
    const opened = { payment: await withClient(ports.keyring, payment, settlement.client), modification };
    const { next, body } = await withReply(ports, opened);
    const stored = await commitOperation(platform, before, { next, fact: settlement.fact }, audit);
    if (stored === conflict) return conflict;
    if (settlement.fact?.endsWith('.unresolved')) {
      platform.log('operation_unresolved', { object: targetOf(next).id, tenant: next.payment.tenant });
    }
    const outcome = settlement.fact === null ? ('unchanged' as const) : ('committed' as const);
    return { stored, first: body === null ? null : { body, outcome }, again: settlement.again };
  };
  // By then nobody holds the lease any more.
  return untilCommitted(platform, attempt, Math.ceil(limits.leaseMs / 1000));
}

async function reload(platform: StorePlatform, { payment, modification }: StoredOperation): Promise<StoredOperation> {
  const found = await loadOperation(platform, payment.value.id, modification?.value.id ?? null);
  if (found === undefined) throw new Defect('a committed operation is gone');
  return found;
}

/**
 * The commit that settles also writes the first reply; one that is written never changes. While somebody holds the lease, the
 * reply is left to them.
 */
async function withReply(
  { keyring }: RecordPorts,
  next: ProcessorOperation,
): Promise<{ readonly next: ProcessorOperation; readonly body: string | null }> {
  if (intentOf(next).lease_until_ms !== null || targetOf(next).reply !== null) return { next, body: null };
  const { payment, modification } = next;
  const body =
    modification === null
      ? serialize(Payment, await openPayment(payment, keyring))
      : serialize(publicModification[modification.object], await withOpenFields(modification, keyring));
  const reply = await keyring.seal(body, contextOf(next));
  return modification === null
    ? { body, next: { payment: { ...payment, reply }, modification } }
    : { body, next: { payment, modification: { ...modification, reply } } };
}

const contextOf = (operation: ProcessorOperation) =>
  replyContext(operation.payment, targetOf(operation).id, 'payments');

/** The first reply that was written. There is none yet: the holder of the lease will write it. */
export async function firstReply(ports: MoneyPorts, stored: StoredOperation): Promise<Answer> {
  const operation = operationOf(stored);
  const { reply } = targetOf(operation);
  if (reply === null) throw new Refusal('idempotency_in_progress', { retryAfterSeconds: 1 });
  return { body: await ports.keyring.open(reply, contextOf(operation)), outcome: 'replayed' };
}
