// The queue of deliveries on its way to the function that delivers, as Lambda reads it: batches of what is there, several at
// once, what failed again when its time is over; and now and then something again although it was done, or twice at once.

import type { SQSEvent } from 'aws-lambda';
import { functions } from '../../contract/capabilities.ts';
import type { Queues } from '../../local/sqs/queues.ts';
import { deadLetters, type ReceivedBatch, receiveBatch } from '../../test/kit/aws/queues.ts';
import type { Draw } from './draw.ts';
import type { CallKind, Fault } from './faults.ts';
import type { PoolOf } from './functions.ts';
import type { Product } from './product.ts';
import type { Timeline } from './timeline.ts';

export interface QueuePorts {
  readonly timeline: Timeline;
  readonly draw: Draw;
  readonly queues: Queues;
  readonly deliver: PoolOf<Product['deliver']>;
  readonly fault: (address: string, kind: CallKind) => Fault | null;
  /** Of two queues, which. Absent: the only one. */
  readonly place?: string;
  /** Whether anything runs there. Absent: always. */
  readonly runs?: () => boolean;
}

const latencyMs = 200;

export function pollers({ timeline, draw, queues, deliver, fault, place, runs = () => true }: QueuePorts) {
  const named = (name: string): string => (place === undefined ? name : `${place}/${name}`);
  const { queue, batchMessages, concurrency } = functions.deliver.trigger;
  const batches = new Map<string, readonly string[]>();
  let running = 0;
  let plannedMs = Number.POSITIVE_INFINITY;
  let callOff = (): void => {};

  const hand = async (batch: ReceivedBatch): Promise<void> => {
    const address = named(`deliver.${batches.size + 1}`);
    const event = batch.event as SQSEvent;
    batches.set(
      address,
      event.Records.map(({ body }) => body),
    );
    const met = fault(`${address}/batch`, 'messages');
    running += 1;
    if (met === 'doubled') deliver.invoke(event, `${address}/twin`, batch.trace);
    const outcome = await deliver.invoke(event, address, batch.trace);
    running -= 1;
    if (outcome.kind === 'returned' && met !== 'repeated') batch.settle(outcome.value);
    wake();
  };

  const pull = (): void => {
    plannedMs = Number.POSITIVE_INFINITY;
    while (running < concurrency && runs()) {
      const batch = receiveBatch(queues, queue, batchMessages);
      if (batch === null) break;
      hand(batch);
    }
    wake();
  };

  /** Whenever there may be something to take, now or later. */
  const wake = (): void => {
    const receivableMs = queues.receivableAt(queue);
    if (!runs() || receivableMs === undefined || running >= concurrency || plannedMs <= receivableMs + latencyMs)
      return;
    callOff();
    const waitMs = draw.fraction(named(`queue at ${queues.position}`)) * latencyMs;
    plannedMs = receivableMs + latencyMs;
    callOff = timeline.after(receivableMs + waitMs - timeline.now(), pull);
  };

  return {
    batches,
    wake,
    /** Whether nothing is left to be done, and nothing was dead-lettered. */
    drained: (): boolean => running === 0 && queues.receivableAt(queue) === undefined,
    setAside: (): number => queues.counts(deadLetters(queue)).ready,
  };
}
