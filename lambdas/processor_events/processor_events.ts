// Stream records of processors' events in, settled payments out. It applies only events that have just come; those that wait
// are the reconciler's. Their order has no meaning, so they are applied side by side.

import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { processorEventLimits as limits } from '../../contract/processor_events/limits.ts';
import type { HandlerPorts } from '../kernel/operation/call.ts';
import { isWriter } from '../kernel/platform/writer.ts';
import type { Item } from '../kernel/store/row.ts';
import { applyEvent } from './apply_event.ts';
import { type EventName, eventNameOf } from './store.ts';

export type ProcessorEventsHandler = (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>;

export const processorEvents =
  (ports: HandlerPorts): ProcessorEventsHandler =>
  async ({ Records }) => {
    const { platform } = ports;
    // Due as they are, the writer region's reconciler applies them.
    if (!(await isWriter(platform.writer))) return { batchItemFailures: [] };
    const fresh = Records.flatMap((record) => {
      const key = freshKey(record, platform.config.region);
      return key === undefined ? [] : [{ key, at: record.dynamodb?.SequenceNumber ?? '' }];
    });
    const failed = new Set<string>();
    const left = [...fresh];
    const work = async (): Promise<void> => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) {
        const { key, at } = next;
        await applyEvent(ports, key).catch(() => failed.add(at));
      }
    };
    await Promise.all(Array.from({ length: limits.concurrentEvents }, work));
    platform.log('events_settled', { count: fresh.length, failed: failed.size });
    // Lambda reads on from the first failed one: the others are found done then.
    const first = fresh.find(({ at }) => failed.has(at));
    return { batchItemFailures: first === undefined ? [] : [{ itemIdentifier: first.at }] };
  };

/** Of an event that this region received and nobody worked on; another region's events are applied there. */
function freshKey({ dynamodb }: DynamoDBRecord, region: string): EventName | undefined {
  const after = dynamodb?.NewImage as Item | undefined;
  const fresh = after?.status?.S === 'received' && after.origin_region?.S === region;
  return fresh ? eventNameOf(after) : undefined;
}
