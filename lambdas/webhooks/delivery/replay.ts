// A replay: events of a window are delivered to an endpoint once more, oldest first, a step at a time. Each gets a delivery of
// its own under the replay, in the order of its aggregate. What a step did is in the replay's row before the next begins, so a
// repeated step puts the same deliveries on their way.

import { webhookLimits as limits } from '../../../contract/webhooks/limits.ts';
import { eventsBetween } from '../../events/store.ts';
import type { Change } from '../../kernel/domain/decision.ts';
import { Defect } from '../../kernel/domain/refusal.ts';
import { ownerOf } from '../../kernel/domain/tenant_scope.ts';
import { commit, commitChange, systemContext } from '../../kernel/store/commit.ts';
import { conflict, untilCommitted } from '../../kernel/store/retry.ts';
import type { Stored } from '../../kernel/store/row.ts';
import { afterStep, complete, type Replay, release } from '../domain/replay.ts';
import { isSubscribedTo, type WebhookEndpoint } from '../domain/webhook_endpoint.ts';
import { deliverMessages, type MessageOf, postFollowing } from '../message.ts';
import { endpointRow, loadEndpoint, loadReplay, replayRow } from '../store/endpoints.ts';
import type { DeliverPorts } from './ports.ts';
import type { Work } from './work.ts';

/** Steps while there is time and nobody else makes them; then a message follows, or the dispatcher goes on. */
export async function replay(ports: DeliverPorts, message: MessageOf<'replay'>, work: Work): Promise<void> {
  const { platform } = ports;
  let found = await loadReplay(platform, message, message.replay);
  if (found === undefined) throw new Defect('a message names a replay that never was');
  while (found?.value.status === 'running') {
    if (platform.clock() >= work.stopMs) return goOnLater(ports, found, message, work);
    const { endpoint } = await ports.receivers.get(message, found.value.webhook_endpoint);
    if (endpoint === undefined) throw new Defect('a replay names an endpoint that never was');
    const change =
      endpoint.status === 'deleted' ? complete(found.value, null) : await step(ports, found.value, endpoint, work);
    if (change === null) return goOnLater(ports, found, message, work);
    found = await record(ports, found, change, work);
    if (found?.value.status === 'running') await platform.sleep(limits.replayPauseMs);
  }
}

/** Null: its deliveries would make the chain of messages too long. */
async function step(
  { platform }: DeliverPorts,
  value: Replay,
  endpoint: WebhookEndpoint,
  work: Work,
): Promise<Change<Replay> | null> {
  const { from, to, position } = value;
  const window = { from, to, after: position };
  const examined = await eventsBetween(platform, ownerOf(value), window, limits.eventsPerStep);
  // A replay may hold what happened before the endpoint was made: that is what it is for.
  const subscriber = { ...endpoint, created_at: from };
  const subscribed = examined.filter((event) => isSubscribedTo(subscriber, event));
  const deliveries = deliverMessages(endpoint, value.id, subscribed).map((message) => ({ message }));
  if (deliveries.length > 0 && !(await postFollowing(platform, work, deliveries))) return null;
  return afterStep(value, { examined, delivered: subscribed.length }, platform.clock());
}

/** Undefined: somebody else went on with it. When it is completed its endpoint may have another. */
async function record(
  { platform }: DeliverPorts,
  before: Stored<Replay>,
  change: Change<Replay>,
  { requestId }: Work,
): Promise<Stored<Replay> | undefined> {
  const audit = systemContext('deliver', before.value, requestId);
  if (change.next.status === 'running') {
    const done = await commitChange(platform, replayRow, before, change, audit);
    return done.kind === 'committed' ? done.rows[0] : undefined;
  }
  return untilCommitted(platform, async () => {
    const [endpoint, now] = await Promise.all([
      loadEndpoint(platform, before.value, before.value.webhook_endpoint),
      loadReplay(platform, before.value, before.value.id),
    ]);
    if (endpoint === undefined || now?.version !== before.version) return undefined;
    const ended = { type: endpointRow, before: endpoint, next: { ...endpoint.value, running_replay: null } };
    const done = await commit(platform, [ended, { type: replayRow, before, next: change.next }], null, audit);
    return done.kind === 'committed' ? done.rows[1] : conflict;
  });
}

async function goOnLater(
  ports: DeliverPorts,
  found: Stored<Replay>,
  message: MessageOf<'replay'>,
  work: Work,
): Promise<void> {
  if (await postFollowing(ports.platform, work, [{ message }])) return;
  await record(ports, found, release(found.value, ports.platform.clock()), work);
}
