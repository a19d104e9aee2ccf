// Stream records in, events out. A record that cannot be relayed holds up its shard and is tried again: nothing is skipped.

import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { Defect } from '../domain/refusal.ts';
import type { Platform } from '../platform/platform.ts';
import { type EventRow, putEvents } from '../store/events.ts';
import type { Item } from '../store/row.ts';
import { eventOf } from './event.ts';

export type RelayHandler = (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>;

export const relay =
  (platform: Platform): RelayHandler =>
  async ({ Records }) => {
    const events: EventRow[] = [];
    let unreadable: string | undefined;
    for (const { dynamodb } of Records) {
      try {
        const images = {
          before: dynamodb?.OldImage as Item | undefined,
          after: dynamodb?.NewImage as Item | undefined,
        };
        const event = eventOf(images, platform.config.region);
        if (event !== null) events.push(event);
      } catch (error) {
        unreadable = dynamodb?.SequenceNumber;
        platform.log('record_unreadable', { defect: error instanceof Defect ? error.message : 'unfit', count: 1 });
        break;
      }
    }
    await putEvents(platform, events);
    platform.log('facts_relayed', { count: events.length });
    return { batchItemFailures: unreadable === undefined ? [] : [{ itemIdentifier: unreadable }] };
  };
