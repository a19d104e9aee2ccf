// A request whose object exists already: the first reply again, a refusal, or the rest of the work of one that crashed.

import { checkIdempotency } from '../kernel/domain/idempotency.ts';
import { Refusal } from '../kernel/domain/refusal.ts';
import type { Answer } from '../kernel/operation/call.ts';
import type { AuditContext } from '../kernel/store/commit.ts';
import { conflict } from '../kernel/store/retry.ts';
import { takeLease } from './domain/intent.ts';
import { intentOf, targetOf, withIntent } from './domain/operation.ts';
import { executeAndReply, firstReply } from './execute.ts';
import type { MoneyPorts } from './ports.ts';
import { commitOperation, operationOf, type StoredOperation } from './store.ts';

export async function resumeOrReplay(
  ports: MoneyPorts,
  found: StoredOperation,
  sent: unknown,
  audit: AuditContext,
): Promise<Answer> {
  const target = targetOf(operationOf(found));
  const sameBody = await ports.digests.matches(sent, target.body_digest);
  const checked = checkIdempotency(target, sameBody, target.intent.lease_until_ms, ports.platform.clock());
  switch (checked.kind) {
    case 'mismatch':
      throw new Refusal('idempotency_mismatch');
    case 'in_progress':
      throw new Refusal('idempotency_in_progress', { retryAfterSeconds: checked.retryAfterSeconds });
    case 'replay':
      return firstReply(ports, found);
    case 'resume': {
      const held = await holdLease(ports, found, audit);
      if (held === null) throw new Refusal('idempotency_in_progress', { retryAfterSeconds: 1 });
      return executeAndReply(ports, held, audit);
    }
  }
}

/** Takes the lease of an operation that nobody holds; null where another was faster. */
export async function holdLease(
  { platform }: MoneyPorts,
  found: StoredOperation,
  audit: AuditContext,
): Promise<StoredOperation | null> {
  const operation = operationOf(found);
  const intent = takeLease(intentOf(operation), platform.clock());
  if (intent === null) return null;
  const held = await commitOperation(platform, found, { next: withIntent(operation, intent), fact: null }, audit);
  return held === conflict ? null : held;
}
