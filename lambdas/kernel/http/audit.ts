// Audit entries of what commits nothing: reads, repeats, refusals. Each is written before its reply, and a reply whose
// entry could not be written is not given. What is committed has its entry from the relay.

import type { InferOutput } from 'valibot';
import type { AuditEntry } from '../../../contract/audit/audit_entry.ts';
import { type ErrorCode, errors, type Operation } from '../../../contract/capabilities.ts';
import type { Answer, HandlerPorts, Identity, ParsedCall } from '../operation/call.ts';
import { addressContext } from '../operation/scope.ts';
import { timestamp } from '../platform/clock.ts';
import { auditPartitionOf, entryId, platformAuditPartition, putEntry } from '../store/audit.ts';

type Outcome = InferOutput<typeof AuditEntry>['outcome'];

interface AuditRecord {
  readonly requestId: string;
  readonly identity: Identity;
  readonly sourceAddress: string;
  readonly target: string | null;
  readonly outcome: Outcome;
  readonly code: ErrorCode | null;
}

async function writeAuditEntry(ports: HandlerPorts, operation: Operation, record: AuditRecord): Promise<void> {
  const { platform, keyring } = ports;
  const { tenant, mode, actor, onBehalfOf } = record.identity;
  const now = platform.clock();
  await putEntry(platform, {
    id: entryId(platform, now, [record.requestId, operation.id, record.outcome]),
    object: 'audit_entry',
    owner: auditPartitionOf(tenant, mode),
    mode: mode ?? 'live',
    occurred_at: timestamp(now),
    action: operation.id,
    outcome: record.outcome,
    code: record.code,
    actor,
    on_behalf_of: onBehalfOf,
    target: record.target,
    request_id: record.requestId,
    address: await keyring.seal(
      record.sourceAddress,
      addressContext(tenant ?? platformAuditPartition, mode ?? 'live', record.requestId),
    ),
  });
}

/** The object that a call is about: the last one in its path, or the one that it creates. */
const targetOf = (call: Pick<ParsedCall<Operation>, 'params' | 'objectId'>): string | null =>
  (call.objectId || Object.values<string>(call.params).at(-1)) ?? null;

/**
 * Runs the handler with the entry that its kind of request needs: a read's is written beside the read, so that it costs
 * no time; a repeat's follows, because only then is it known to be one.
 */
export async function withAuditEntry(
  ports: HandlerPorts,
  operation: Operation,
  call: ParsedCall<Operation>,
  handle: () => Promise<Answer>,
): Promise<Answer> {
  const write = (outcome: Outcome) =>
    writeAuditEntry(ports, operation, { ...call, target: targetOf(call), outcome, code: null });
  if (operation.method === 'GET') {
    const [answer] = await Promise.all([handle(), write('requested')]);
    return answer;
  }
  const answer = await handle();
  if (answer.outcome === 'replayed' || answer.outcome === 'unchanged') await write(answer.outcome);
  return answer;
}

export const writeRefusalEntry = (
  ports: HandlerPorts,
  operation: Operation,
  request: Omit<AuditRecord, 'outcome' | 'code'>,
  code: ErrorCode,
): Promise<void> =>
  writeAuditEntry(ports, operation, { ...request, code, outcome: errors[code].status < 500 ? 'refused' : 'failed' });
