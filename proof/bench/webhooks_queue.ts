// The queue of deliveries in the webhook bench, as Lambda reads it: requests that wait for messages, one for each batch that
// may be worked on at once, and environments that work on them.

import type { SQSEvent } from 'aws-lambda';
import { functions } from '../../contract/capabilities.ts';
import { type DeliverHandler, deliver } from '../../lambdas/webhooks/delivery/deliver.ts';
import { type DeliverPorts, deliverPorts } from '../../lambdas/webhooks/delivery/ports.ts';
import { type ReceivedBatch, receiveBatch } from '../../test/kit/aws/queues.ts';
import type { Timeline } from '../simulation/timeline.ts';
import type { Cloud, Environment } from './webhooks_cloud.ts';
import { model } from './webhooks_model.ts';

const { queue, batchMessages, concurrency } = functions.deliver.trigger;
const scaleMs = 1_000;

export interface QueueOptions {
  readonly timeline: Timeline;
  readonly cloud: Cloud;
  readonly attemptFrom: (environment: Environment) => DeliverPorts['attempt'];
  /** Nothing is looked after any more. */
  readonly endMs: number;
}

export function readQueue({ timeline, cloud, attemptFrom, endMs }: QueueOptions) {
  const { aws, between, uses } = cloud;
  const idle: DeliverHandler[] = [];
  /** Since when requests for messages wait. */
  const waitingSince: number[] = [];
  const counted = { pollers: 0, batches: 0, messages: 0 };
  let plannedMs = Number.POSITIVE_INFINITY;

  const takeEnvironment = (): { readonly handle: DeliverHandler; readonly isNew: boolean } => {
    const found = idle.pop();
    if (found !== undefined) return { handle: found, isNew: false };
    const made = cloud.environmentOf('deliver');
    return { handle: deliver({ ...deliverPorts(made.platform), attempt: attemptFrom(made) }), isNew: true };
  };

  const hand = async (batch: ReceivedBatch): Promise<void> => {
    const event = batch.event as SQSEvent;
    counted.batches += 1;
    counted.messages += event.Records.length;
    const { handle, isNew } = takeEnvironment();
    const answer = await cloud.invoke('deliver', isNew, () => {
      const stopMs = timeline.now() + functions.deliver.timeoutMs;
      return handle(event, { awsRequestId: 'bench', getRemainingTimeInMillis: () => stopMs - timeline.now() });
    });
    idle.push(handle);
    batch.settle(answer);
    // Lambda deletes what is done in one call.
    if (answer.batchItemFailures.length < event.Records.length) uses.deliver.queueCalls += 1;
    poll();
  };

  /** Asks for messages; where there are none, its request waits for some. */
  const poll = (): void => {
    const batch = receiveBatch(aws.queues, queue, batchMessages);
    if (batch === null) {
      waitingSince.push(timeline.now());
      return;
    }
    uses.deliver.queueCalls += 1;
    timeline.after(between(model.callMs.queue), () => hand(batch));
  };

  /** After whatever may have put something into the queue: the request that waits longest gets it, then the next one. */
  const wake = (): void => {
    const atMs = aws.queues.receivableAt(queue);
    if (atMs === undefined || waitingSince.length === 0 || plannedMs <= atMs) return;
    plannedMs = atMs;
    timeline.after(atMs - timeline.now(), () => {
      plannedMs = Number.POSITIVE_INFINITY;
      while (waitingSince.length > 0 && aws.queues.counts(queue).ready > 0) {
        const sinceMs = waitingSince.shift() ?? timeline.now();
        uses.deliver.queueCalls += Math.floor((timeline.now() - sinceMs) / model.longPollMs);
        poll();
      }
      wake();
    });
  };

  const scale = (): void => {
    const wanted = counted.pollers === 0 ? model.pollers.first : model.pollers.moreEachSecond;
    const isShort = counted.pollers === 0 || aws.queues.counts(queue).ready > 0;
    const more = isShort ? Math.min(wanted, concurrency - counted.pollers) : 0;
    counted.pollers += more;
    for (let each = 0; each < more; each += 1) poll();
    if (timeline.now() < endMs) timeline.after(scaleMs, scale);
  };
  scale();

  return { wake, counted };
}
