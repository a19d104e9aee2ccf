// Messages of the queue of deliveries: what is to be done, by ids alone. Whoever receives one reads the rest from the tables.

import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import { queueLimits } from '../../contract/kernel/limits.ts';
import { modes } from '../../contract/kernel/roles.ts';
import { queues } from '../../contract/webhooks/queues.ts';
import type { TenantScope } from '../kernel/domain/tenant_scope.ts';
import type { Platform } from '../kernel/platform/platform.ts';
import { sendAll } from '../kernel/store/batch.ts';

const Id = v.pipe(v.string(), v.maxLength(100));
const owner = {
  tenant: Id,
  mode: v.picklist(modes),
  /** How many messages came before it in its chain. */
  hop: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
};

/** Whether another region may have begun to deliver them: what is there of it is looked for first. */
const maybe_begun = v.optional(v.boolean(), false);

/** An event, and the one before it about the same aggregate. */
const LinkedEvent = v.object({ id: Id, previous: v.nullable(Id) });
export type LinkedEvent = v.InferOutput<typeof LinkedEvent>;

const Message = v.variant('kind', [
  /** Events of one aggregate, in their order, for an initial attempt at an endpoint. */
  v.object({
    kind: v.literal('deliver'),
    ...owner,
    endpoint: Id,
    replay: v.nullable(Id),
    events: v.array(LinkedEvent),
    maybe_begun,
  }),
  /** A delivery that fell due, or whose predecessor is over. */
  v.object({ kind: v.literal('attempt'), ...owner, delivery: Id }),
  /** What is parked at an endpoint: the endpoint was changed or deleted, it answered, or it is due to be probed. */
  v.object({
    kind: v.literal('resume_parked'),
    ...owner,
    endpoint: Id,
    reason: v.picklist(['endpoint_changed', 'endpoint_answered', 'probe_due']),
  }),
  /** An endpoint's address is to be challenged, as its row says. */
  v.object({ kind: v.literal('challenge'), ...owner, endpoint: Id }),
  /**
   * Events of whose owner the relay could not read which endpoints there are, or which are the other region's to deliver as long
   * as that takes writes; in the order of the stream.
   */
  v.object({ kind: v.literal('fan_out'), ...owner, events: v.array(Id), maybe_begun }),
  /** A replay goes on from where its row says. */
  v.object({ kind: v.literal('replay'), ...owner, replay: Id }),
]);
export type Message = v.InferOutput<typeof Message>;
/** A message before it is posted, which says where in a chain it stands. */
export type Task = v.InferInput<typeof Message>;
export type MessageOf<Kind extends Message['kind']> = Extract<Message, { readonly kind: Kind }>;
export type TaskOf<Kind extends Message['kind']> = Extract<Task, { readonly kind: Kind }>;

/** Undefined: no message of ours. */
export function parseMessage(body: string): Message | undefined {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), Message), body);
  return parsed.success ? parsed.output : undefined;
}

/** Messages that deliver events to an endpoint: one for each aggregate, with its events in the order given. */
export function deliverMessages(
  endpoint: TenantScope & { readonly id: string },
  replay: string | null,
  events: readonly (LinkedEvent & { readonly aggregate_id: string })[],
): TaskOf<'deliver'>[] {
  const { tenant, mode, id } = endpoint;
  return [...Map.groupBy(events, ({ aggregate_id }) => aggregate_id).values()].map((each) => ({
    kind: 'deliver',
    tenant,
    mode,
    endpoint: id,
    replay,
    events: each.map(({ id, previous }) => ({ id, previous })),
  }));
}

export interface Posted {
  readonly message: Task;
  /** Absent: now. What lies further away than SQS keeps a message back comes as late as it can. */
  readonly afterMs?: number;
}

type PostPlatform = Pick<Platform, 'sqs' | 'config' | 'sleep'>;

/**
 * What follows from a message that is being worked on. False, and nothing is posted, where its chain is as long as it may be:
 * the caller then leaves a row that is due, and the dispatcher begins a new chain.
 */
export async function postFollowing(
  platform: PostPlatform,
  { hop }: { readonly hop: number },
  posted: readonly Posted[],
): Promise<boolean> {
  if (hop >= queues.deliveries.hopsMax) return false;
  await post(platform, posted, hop + 1);
  return true;
}

/** All are in the queue when it resolves; throws where SQS keeps refusing some. */
export async function post({ sqs, config, sleep }: PostPlatform, posted: readonly Posted[], hop = 0): Promise<void> {
  await sendAll(sleep, posted, queueLimits.messagesPerCall, async (batch) => {
    const { Failed = [] } = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: config.queue('deliveries'),
        Entries: batch.map(({ message, afterMs = 0 }, index) => ({
          Id: String(index),
          MessageBody: JSON.stringify({ ...message, hop }),
          // A tenant that has much to be delivered makes no other wait.
          MessageGroupId: message.tenant,
          DelaySeconds: Math.min(queueLimits.delayMaxSeconds, Math.round(Math.max(0, afterMs) / 1000)),
        })),
      }),
    );
    return Failed.flatMap(({ Id }) => batch[Number(Id)] ?? []);
  });
}
