// Stream records of the providers table in, settled payments out. Only events that have just come are taken: what waits
// is the sweeper's. Their order means nothing, so they are worked on side by side.

import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { processorEventLimits as limits } from '../../contract/processor_events/limits.ts';
import type { Item } from '../kernel/store/row.ts';
import { applyEvent } from './apply_event.ts';
import type { ProcessorEventPorts } from './ports.ts';
import { type EventName, eventNameOf } from './store.ts';

export type ProcessorEventsHandler = (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>;

export const processorEvents =
  (ports: ProcessorEventPorts): ProcessorEventsHandler =>
  async ({ Records }) => {
    const { platform } = ports;
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
    // Lambda reads on from the first that is told here: the others are found done.
    const first = fresh.find(({ at }) => failed.has(at));
    return { batchItemFailures: first === undefined ? [] : [{ itemIdentifier: first.at }] };
  };

/** Of an event that this region has taken in and nobody looked at; another region's settler takes its own. */
function freshKey({ dynamodb }: DynamoDBRecord, region: string): EventName | undefined {
  const after = dynamodb?.NewImage as Item | undefined;
  const fresh = after?.status?.S === 'received' && after.origin_region?.S === region;
  return fresh ? eventNameOf(after) : undefined;
}
