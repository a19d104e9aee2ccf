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

export class QueueReader {
  readonly #options: QueueOptions;
  readonly #idle: DeliverHandler[] = [];
  /** Since when requests for messages wait. */
  readonly #waitingSince: number[] = [];
  #plannedMs = Number.POSITIVE_INFINITY;
  readonly counted = { pollers: 0, batches: 0, messages: 0 };

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  /** Begins with a few requests; more are added each second while messages are left. */
  readonly scale = (): void => {
    const { timeline, cloud, endMs } = this.#options;
    const { counted } = this;
    const wanted = counted.pollers === 0 ? model.pollers.first : model.pollers.moreEachSecond;
    const isShort = counted.pollers === 0 || cloud.aws.queues.counts(queue).ready > 0;
    const more = isShort ? Math.min(wanted, concurrency - counted.pollers) : 0;
    counted.pollers += more;
    for (let each = 0; each < more; each += 1) this.#poll();
    if (timeline.now() < endMs) timeline.after(scaleMs, this.scale);
  };

  /** After whatever may have put something into the queue: the request that waits longest gets it, then the next one. */
  readonly wake = (): void => {
    const { timeline, cloud } = this.#options;
    const { queues } = cloud.aws;
    const atMs = queues.receivableAt(queue);
    if (atMs === undefined || this.#waitingSince.length === 0 || this.#plannedMs <= atMs) return;
    this.#plannedMs = atMs;
    timeline.after(atMs - timeline.now(), () => {
      this.#plannedMs = Number.POSITIVE_INFINITY;
      while (this.#waitingSince.length > 0 && queues.counts(queue).ready > 0) {
        const sinceMs = this.#waitingSince.shift() ?? timeline.now();
        cloud.uses.deliver.queueCalls += Math.floor((timeline.now() - sinceMs) / model.longPollMs);
        this.#poll();
      }
      this.wake();
    });
  };

  /** Asks for messages; where there are none, its request waits for some. */
  #poll(): void {
    const { timeline, cloud } = this.#options;
    const batch = receiveBatch(cloud.aws.queues, queue, batchMessages);
    if (batch === null) {
      this.#waitingSince.push(timeline.now());
      return;
    }
    cloud.uses.deliver.queueCalls += 1;
    timeline.after(cloud.between(model.callMs.queue), () => this.#hand(batch));
  }

  async #hand(batch: ReceivedBatch): Promise<void> {
    const { timeline, cloud } = this.#options;
    const event = batch.event as SQSEvent;
    this.counted.batches += 1;
    this.counted.messages += event.Records.length;
    const { handle, isNew } = this.#freeEnvironment();
    const answer = await cloud.invoke('deliver', isNew, () => {
      const stopMs = timeline.now() + functions.deliver.timeoutMs;
      return handle(event, { awsRequestId: 'bench', getRemainingTimeInMillis: () => stopMs - timeline.now() });
    });
    this.#idle.push(handle);
    batch.settle(answer);
    // Lambda deletes what is done in one call.
    if (answer.batchItemFailures.length < event.Records.length) cloud.uses.deliver.queueCalls += 1;
    this.#poll();
  }

  #freeEnvironment(): { readonly handle: DeliverHandler; readonly isNew: boolean } {
    const found = this.#idle.pop();
    if (found !== undefined) return { handle: found, isNew: false };
    const { cloud, attemptFrom } = this.#options;
    const made = cloud.environmentOf('deliver');
    return { handle: deliver({ ...deliverPorts(made.platform), attempt: attemptFrom(made) }), isNew: true };
  }
}
