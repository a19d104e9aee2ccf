// Challenges an endpoint's address: one signed request with a random text, which only the answer to it can give back. The text
// is made for one attempt and stored nowhere. An address that gives it back is verified; the rest of a round follows by message.

import { WebhookChallenge } from '../../../contract/webhooks/challenge.ts';
import { webhookLimits as limits } from '../../../contract/webhooks/limits.ts';
import { serialize } from '../../kernel/domain/serialize.ts';
import { timestamp } from '../../kernel/platform/clock.ts';
import { base32, derivedId } from '../../kernel/platform/ids.ts';
import { commitChange, systemContext } from '../../kernel/store/commit.ts';
import { conflict, untilCommitted } from '../../kernel/store/retry.ts';
import type { Stored } from '../../kernel/store/row.ts';
import { afterChallenge, claimChallenge, echoes } from '../domain/verification.ts';
import type { WebhookEndpoint } from '../domain/webhook_endpoint.ts';
import { type MessageOf, postFollowing } from '../message.ts';
import { endpointRow, loadEndpoint } from '../store/endpoints.ts';
import type { DeliverPorts } from './ports.ts';
import { prepareSigned } from './send.ts';
import type { Work } from './work.ts';

/** SQS keeps a message back for whole seconds, and two clocks are never the same. */
const earlyMs = 1_000;

export async function challengeEndpoint(
  ports: DeliverPorts,
  message: MessageOf<'challenge'>,
  work: Work,
): Promise<void> {
  const claimed = await claim(ports, message, work);
  if (claimed === null) return;
  const endpoint = claimed.value;
  const { url, verification } = endpoint;
  const failure = await sendChallenge(ports, endpoint);
  const changed = await record(ports, endpoint, (now) => afterChallenge(now, url, failure), work);
  if (changed !== null) ports.receivers.forget(endpoint.id);
  if (failure === null || verification.challenges_left === 0) return;
  const afterMs = verification.due_at_ms - ports.platform.clock();
  await postFollowing(ports.platform, work, [{ message, afterMs }]);
}

async function claim(
  { platform }: DeliverPorts,
  message: MessageOf<'challenge'>,
  { requestId }: Work,
): Promise<Stored<WebhookEndpoint> | null> {
  const audit = systemContext('deliver', message, requestId);
  return untilCommitted(platform, async () => {
    const before = await loadEndpoint(platform, message, message.endpoint);
    const next = before ? claimChallenge(before.value, platform.clock(), earlyMs) : null;
    if (before === undefined || next === null) return null;
    const done = await commitChange(platform, endpointRow, before, { next, fact: null }, audit);
    return done.kind === 'committed' ? done.rows[0] : conflict;
  });
}

/** Why the address is not verified; null: it is. */
async function sendChallenge(ports: DeliverPorts, endpoint: WebhookEndpoint): Promise<string | null> {
  const { platform } = ports;
  const challenge = base32(platform.random(limits.challengeBytes));
  const { begun_at_ms, challenges_left } = endpoint.verification;
  const id = derivedId('webhook_challenge', platform.config.zone, [endpoint.id, begun_at_ms, challenges_left]);
  const body = serialize(WebhookChallenge, {
    id,
    object: 'webhook_challenge',
    mode: endpoint.mode,
    type: 'webhook_endpoint.verification',
    occurred_at: timestamp(platform.clock()),
    tenant_id: endpoint.tenant,
    aggregate_type: 'webhook_endpoint',
    aggregate_id: endpoint.id,
    sequence: 0,
    data: { object: 'webhook_challenge', challenge },
  });
  const send = await prepareSigned(ports, endpoint, { id, body });
  const { attempted, result } = await send();
  if (result.reason !== null) return result.reason;
  return attempted.kind === 'answered' && echoes(attempted.body, challenge) ? null : 'challenge';
}

async function record(
  { platform }: DeliverPorts,
  { id, tenant, mode }: WebhookEndpoint,
  decide: (now: WebhookEndpoint) => ReturnType<typeof afterChallenge>,
  { requestId }: Work,
): Promise<ReturnType<typeof afterChallenge>> {
  const audit = systemContext('deliver', { tenant, mode }, requestId);
  return untilCommitted(platform, async () => {
    const before = await loadEndpoint(platform, { tenant, mode }, id);
    const decided = before ? decide(before.value) : null;
    if (before === undefined || decided === null) return null;
    const done = await commitChange(platform, endpointRow, before, decided, audit);
    return done.kind === 'committed' ? decided : conflict;
  });
}
