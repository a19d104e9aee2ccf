// Whether a receiver is to be left alone for a while, and what attempts tell about it: silences open its circuit, answers
// of 4xx in a row disable it, a success forgives both. A receiver that hangs must cost the others nothing, and what waits
// for it next to nothing: it is parked, and one delivery tries the receiver now and then.

import { webhookLimits as limits } from '../../../contract/webhooks/limits.ts';
import { Refusal } from '../../kernel/domain/refusal.ts';
import type { TenantScope } from '../../kernel/domain/tenant_scope.ts';
import { type AuditContext, commit } from '../../kernel/store/commit.ts';
import type { Result } from '../domain/delivery.ts';
import { endpointAfterAttempt, rejects, type WebhookEndpoint } from '../domain/webhook_endpoint.ts';
import { post } from '../message.ts';
import { countAgainst, endpointRow, type Health, loadOwned, openCircuit, resetFailures } from '../store.ts';
import type { DeliverPorts } from './ports.ts';

/**
 * Whether nothing may be sent now. When the time is up whoever comes first tries the receiver, with one delivery; the
 * others stay parked until that one has succeeded.
 */
export async function isOpen(
  ports: DeliverPorts,
  owner: TenantScope,
  endpoint: string,
  health: Health,
): Promise<boolean> {
  const { platform } = ports;
  if (health.consecutive_timeouts < limits.timeoutsToOpenCircuit) return false;
  const nowMs = platform.clock();
  if (nowMs < health.open_until_ms) return true;
  const mine = await openCircuit(platform, owner, endpoint, health.open_until_ms, nowMs + limits.leaseMs);
  ports.receivers.forget(endpoint);
  return !mine;
}

/** An attempt that was made, and what is held against its endpoint by then. */
export interface ObservedAttempt {
  readonly result: Result;
  readonly health: Health;
  /** Its silence was counted while its answer was still awaited. */
  readonly suspected: boolean;
}

/**
 * Makes an attempt. Without an answer after a moment it counts as silent while it is still awaited, so that whoever comes
 * meanwhile is warned: a flood of attempts that all wait for their time limit would be over before the first one is.
 */
export async function attemptWithTimeoutSignal(
  ports: DeliverPorts,
  endpoint: WebhookEndpoint,
  health: Health,
  attempt: () => Promise<Result>,
): Promise<ObservedAttempt> {
  const attempted = attempt();
  const slow = ports.platform.sleep(limits.suspectMs).then(() => null);
  const prompt = await Promise.race([attempted, slow]);
  if (prompt !== null) return { result: prompt, health, suspected: false };
  const counted = await countTimeout(ports, endpoint);
  return { result: await attempted, health: counted, suspected: true };
}

async function countTimeout(ports: DeliverPorts, endpoint: WebhookEndpoint): Promise<Health> {
  const { platform } = ports;
  const { id, tenant } = endpoint;
  const counted = await countAgainst(platform, endpoint, id, 'consecutive_timeouts');
  ports.receivers.forget(id);
  const times = counted.consecutive_timeouts - limits.timeoutsToOpenCircuit;
  if (times < 0) return counted;
  const openMs = Math.min(limits.circuitOpenMaxMs, limits.circuitOpenMinMs * 2 ** Math.min(times, 10));
  const opened = await openCircuit(platform, endpoint, id, counted.open_until_ms, platform.clock() + openMs);
  if (opened) platform.log('circuit_opened', { object: id, tenant, count: counted.consecutive_timeouts });
  return counted;
}

/** What an attempt's result means for the endpoint that it was made to. */
export async function recordOutcome(
  ports: DeliverPorts,
  endpoint: WebhookEndpoint,
  { result, health, suspected }: ObservedAttempt,
  requestId: string,
): Promise<void> {
  const { platform } = ports;
  const attempt = { ...result, number: 0 };
  if (result.outcome === 'unanswered' && !suspected) await countTimeout(ports, endpoint);
  const rejected = rejects(attempt);
  const counted = rejected ? await countAgainst(platform, endpoint, endpoint.id, 'rejections') : null;
  const answered = result.outcome === 'succeeded' || result.outcome === 'rejected';
  // Any answer ends a silence, and one that is no 4xx a row of them.
  if (answered && !rejected && (health.rejections > 0 || health.consecutive_timeouts > 0)) {
    await resetFailures(platform, endpoint, endpoint.id);
  }
  // What was parked while it was silent goes on.
  if (answered && health.consecutive_timeouts > 0) await post(platform, [{ message: takeUpOf(endpoint) }]);
  await changeEndpoint(
    ports,
    endpoint,
    (now) => endpointAfterAttempt(now, attempt, counted?.rejections ?? 0),
    requestId,
  );
  if (result.outcome !== 'succeeded' || suspected || health.consecutive_timeouts > 0)
    ports.receivers.forget(endpoint.id);
}

const takeUpOf = ({ tenant, mode, id }: WebhookEndpoint) =>
  ({ do: 'take_up', tenant, mode, endpoint: id, because: 'answered' }) as const;

async function changeEndpoint(
  { platform }: DeliverPorts,
  endpoint: WebhookEndpoint,
  decide: (now: WebhookEndpoint) => ReturnType<typeof endpointAfterAttempt>,
  requestId: string,
): Promise<void> {
  if (decide(endpoint) === null) return;
  const { id, tenant, mode } = endpoint;
  const act: AuditContext = {
    tenant,
    mode,
    actor: { kind: 'system', id: 'deliver' },
    onBehalfOf: null,
    requestId,
    address: null,
  };
  for (let tries = 0; tries < limits.commitTries; tries += 1) {
    const before = await loadOwned(platform, endpointRow, endpoint, id);
    const change = before && decide(before.value);
    if (before === undefined || !change) return;
    const recording = change.fact && { type: change.fact, aggregateId: id };
    const done = await commit(platform, [{ type: endpointRow, before, next: change.next }], recording, act);
    if (done.kind === 'conflict') continue;
    if (change.fact === 'webhook_endpoint.disabled') platform.log('endpoint_disabled', { object: id, tenant });
    return;
  }
  throw new Refusal('unavailable', { retryAfterSeconds: 1 });
}
