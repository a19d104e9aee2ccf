// What the queue of deliveries holds: what is to be done, by ids alone. Whoever takes a message reads the rest.

import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import { queueLimits } from '../../contract/kernel/limits.ts';
import { modes } from '../../contract/kernel/roles.ts';
import type { Platform } from '../kernel/platform/platform.ts';
import { sendAll } from '../kernel/store/batch.ts';

const Id = v.pipe(v.string(), v.maxLength(100));
const owner = { tenant: Id, mode: v.picklist(modes) };

/** An event, and the one before it about the same aggregate. */
const Linked = v.object({ id: Id, previous: v.nullable(Id) });
export type Linked = v.InferOutput<typeof Linked>;

const Message = v.variant('do', [
  /** Events of one aggregate, in their order, on their first way to an endpoint. */
  v.object({ do: v.literal('deliver'), ...owner, endpoint: Id, replay: v.nullable(Id), events: v.array(Linked) }),
  /** A delivery that fell due, or whose turn it is. */
  v.object({ do: v.literal('attempt'), ...owner, delivery: Id }),
  /** What is parked at an endpoint: it was enabled (or deleted), it answers again, or it is due to be tried. */
  v.object({
    do: v.literal('take_up'),
    ...owner,
    endpoint: Id,
    because: v.picklist(['enabled', 'answered', 'due']),
  }),
  /** The next step of a replay, from the event before `position` on. */
  v.object({ do: v.literal('replay'), ...owner, endpoint: Id, replay: Id, position: v.nullable(Id) }),
]);
export type Message = v.InferOutput<typeof Message>;
export type MessageOf<Do extends Message['do']> = Extract<Message, { readonly do: Do }>;

/** Undefined: no message of ours. */
export function parseMessage(body: string): Message | undefined {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), Message), body);
  return parsed.success ? parsed.output : undefined;
}

export interface Posted {
  readonly message: Message;
  /** Absent: now. What lies further away than SQS keeps a message back comes as late as it can. */
  readonly afterMs?: number;
}

/** All are in the queue when it resolves; throws where SQS keeps refusing some. */
export async function post(
  { sqs, config, sleep }: Pick<Platform, 'sqs' | 'config' | 'sleep'>,
  posted: readonly Posted[],
): Promise<void> {
  await sendAll(sleep, posted, queueLimits.messagesPerCall, async (batch) => {
    const { Failed = [] } = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: config.queue('deliveries'),
        Entries: batch.map(({ message, afterMs = 0 }, index) => ({
          Id: String(index),
          MessageBody: JSON.stringify(message),
          // A tenant that has much to be delivered makes no other wait.
          MessageGroupId: message.tenant,
          DelaySeconds: Math.min(queueLimits.delayMaxSeconds, Math.round(Math.max(0, afterMs) / 1000)),
        })),
      }),
    );
    return Failed.flatMap(({ Id }) => batch[Number(Id)] ?? []);
  });
}
