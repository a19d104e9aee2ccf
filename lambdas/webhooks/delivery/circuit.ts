// The circuit breaker of each endpoint, and what attempts count for or against it: timeouts in a row open its circuit, answers
// of 4xx in a row disable it, a success resets both. A receiver that hangs must cost the others nothing, and what waits for it
// next to nothing: that is parked, and now and then one delivery probes the receiver.

import { webhookLimits as limits } from '../../../contract/webhooks/limits.ts';
import { commitChange, systemContext } from '../../kernel/store/commit.ts';
import { conflict, untilCommitted } from '../../kernel/store/retry.ts';
import type { Delivery, Result } from '../domain/delivery.ts';
import { endpointAfterAttempt, rejects, type WebhookEndpoint } from '../domain/webhook_endpoint.ts';
import { postFollowing, type TaskOf } from '../message.ts';
import { endpointRow, loadEndpoint } from '../store/endpoints.ts';
import { countFailure, type Health, openCircuit, resetFailures } from '../store/health.ts';
import type { DeliverPorts } from './ports.ts';
import { type DeliveryState, recordAttempt } from './record.ts';
import type { Work } from './work.ts';

/**
 * Whether nothing may be sent now. When its time is over the circuit is half open: whoever comes first probes the receiver,
 * with one delivery, and for everybody else it stays open until that one has succeeded.
 */
export async function isCircuitOpen(ports: DeliverPorts, endpoint: WebhookEndpoint, health: Health): Promise<boolean> {
  const { platform } = ports;
  if (health.consecutive_timeouts < limits.timeoutsToOpenCircuit) return false;
  const nowMs = platform.clock();
  if (nowMs < health.open_until_ms) return true;
  const probes = await openCircuit(platform, endpoint, endpoint.id, health.open_until_ms, nowMs + limits.leaseMs);
  ports.receivers.forget(endpoint.id);
  return !probes;
}

/** Makes a prepared attempt, records its result, and counts it for or against the endpoint. */
export async function attemptAndRecord(
  ports: DeliverPorts,
  receiver: { readonly endpoint: WebhookEndpoint; readonly health: Health },
  state: DeliveryState,
  attempt: () => Promise<Result>,
  work: Work,
): Promise<Delivery> {
  const { endpoint, health } = receiver;
  const observed = await attemptWithTimeoutSignal(ports, endpoint, health, attempt);
  const delivery = await recordAttempt(ports, state, observed.result, work.requestId);
  await recordOutcome(ports, endpoint, observed, work);
  return delivery;
}

/** An attempt that was made, and the health of its endpoint by then. */
interface ObservedAttempt {
  readonly result: Result;
  readonly health: Health;
  /** It was counted as a timeout while its answer was still awaited. */
  readonly countedAsTimeout: boolean;
}

/**
 * Makes an attempt. Without an answer after a moment it counts as a timeout while its answer is still awaited, so that others
 * are warned early: a flood of attempts that all wait for their time limit would be over before the first one ends.
 */
async function attemptWithTimeoutSignal(
  ports: DeliverPorts,
  endpoint: WebhookEndpoint,
  health: Health,
  attempt: () => Promise<Result>,
): Promise<ObservedAttempt> {
  const attempted = attempt();
  const slow = ports.platform.sleep(limits.timeoutSignalMs).then(() => null);
  const prompt = await Promise.race([attempted, slow]);
  if (prompt !== null) return { result: prompt, health, countedAsTimeout: false };
  const counted = await countTimeout(ports, endpoint);
  return { result: await attempted, health: counted, countedAsTimeout: true };
}

async function countTimeout(ports: DeliverPorts, endpoint: WebhookEndpoint): Promise<Health> {
  const { platform } = ports;
  const { id, tenant } = endpoint;
  const counted = await countFailure(platform, endpoint, id, 'consecutive_timeouts');
  ports.receivers.forget(id);
  const times = counted.consecutive_timeouts - limits.timeoutsToOpenCircuit;
  if (times < 0) return counted;
  const openMs = Math.min(limits.circuitOpenMaxMs, limits.circuitOpenMinMs * 2 ** Math.min(times, 10));
  const opened = await openCircuit(platform, endpoint, id, counted.open_until_ms, platform.clock() + openMs);
  if (opened) platform.log('circuit_opened', { object: id, tenant, count: counted.consecutive_timeouts });
  return counted;
}

/** What an attempt's result changes about the endpoint that it was made to. */
async function recordOutcome(
  ports: DeliverPorts,
  endpoint: WebhookEndpoint,
  { result, health, countedAsTimeout }: ObservedAttempt,
  work: Work,
): Promise<void> {
  const { platform } = ports;
  const attempt = { ...result, number: 0 };
  if (result.outcome === 'unanswered' && !countedAsTimeout) await countTimeout(ports, endpoint);
  const rejected = rejects(attempt);
  const counted = rejected ? await countFailure(platform, endpoint, endpoint.id, 'rejections') : null;
  const answered = result.outcome === 'succeeded' || result.outcome === 'rejected';
  // Any answer ends a row of timeouts, and one that is no 4xx a row of rejections.
  if (answered && !rejected && (health.rejections > 0 || health.consecutive_timeouts > 0)) {
    await resetFailures(platform, endpoint, endpoint.id);
  }
  // What was parked while it did not answer goes on: now, or when the endpoint is due to be probed.
  if (answered && health.consecutive_timeouts > 0) {
    await postFollowing(platform, work, [{ message: resumeMessage(endpoint) }]);
  }
  await changeEndpoint(
    ports,
    endpoint,
    (now) => endpointAfterAttempt(now, attempt, counted?.rejections ?? 0),
    work.requestId,
  );
  if (result.outcome !== 'succeeded' || countedAsTimeout || health.consecutive_timeouts > 0) {
    ports.receivers.forget(endpoint.id);
  }
}

const resumeMessage = ({ tenant, mode, id }: WebhookEndpoint): TaskOf<'resume_parked'> => ({
  kind: 'resume_parked',
  tenant,
  mode,
  endpoint: id,
  reason: 'endpoint_answered',
});

/** `decide` gives null where nothing changes; the endpoint is then not even read. */
async function changeEndpoint(
  { platform }: DeliverPorts,
  endpoint: WebhookEndpoint,
  decide: (now: WebhookEndpoint) => ReturnType<typeof endpointAfterAttempt>,
  requestId: string,
): Promise<void> {
  if (decide(endpoint) === null) return;
  const { id, tenant } = endpoint;
  const audit = systemContext('deliver', endpoint, requestId);
  const fact = await untilCommitted(platform, async () => {
    const before = await loadEndpoint(platform, endpoint, id);
    const decided = before && decide(before.value);
    if (before === undefined || !decided) return null;
    const done = await commitChange(platform, endpointRow, before, decided, audit);
    return done.kind === 'committed' ? decided.fact : conflict;
  });
  if (fact === 'webhook_endpoint.disabled') platform.log('endpoint_disabled', { object: id, tenant });
}
