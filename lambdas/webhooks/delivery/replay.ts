// A replay: events of a window on their way to an endpoint once more, oldest first, a step at a time. Each gets a delivery
// of its own under the replay, in the order of its aggregate.

import { webhookLimits as limits } from '../../../contract/webhooks/limits.ts';
import { eventsBetween } from '../../events/store.ts';
import { Defect } from '../../kernel/domain/refusal.ts';
import { isSubscribedTo } from '../domain/webhook_endpoint.ts';
import { type MessageOf, post } from '../message.ts';
import { loadOwned, replayRow } from '../store.ts';
import type { DeliverPorts } from './ports.ts';

export async function replay(ports: DeliverPorts, message: MessageOf<'replay'>): Promise<void> {
  const { platform } = ports;
  const { tenant, mode, endpoint: id, position } = message;
  const [found, receiver] = await Promise.all([
    loadOwned(platform, replayRow, message, message.replay),
    ports.receivers.get(message, id),
  ]);
  const endpoint = receiver.endpoint?.value;
  if (found === undefined || endpoint === undefined) throw new Defect('a replay or its endpoint never was');
  if (endpoint.status === 'deleted') return;
  const { from, to } = found.value;
  const events = await eventsBetween(
    platform,
    `${tenant}#${mode}`,
    { from, to, after: position },
    limits.eventsPerStep,
  );
  // An endpoint may be told of what happened before it was made: that is what a replay is for.
  const past = { ...endpoint, created_at: from };
  const wanted = events.filter((event) => isSubscribedTo(past, event));
  const lanes = Map.groupBy(wanted, ({ aggregate_id }) => aggregate_id);
  await post(platform, [
    ...[...lanes.values()].map((each) => ({
      message: {
        do: 'deliver' as const,
        tenant,
        mode,
        endpoint: id,
        replay: message.replay,
        events: each.map(({ id, previous }) => ({ id, previous })),
      },
    })),
    ...(events.length === limits.eventsPerStep
      ? [{ message: { ...message, position: events.at(-1)?.id ?? null } }]
      : []),
  ]);
}
