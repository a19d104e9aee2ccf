// Stream records in; rows of lost updates out. It runs in the region that lost them, which writes nothing else: whoever writes
// now finds them due, once they have replicated.

import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { defectOf } from '../kernel/domain/refusal.ts';
import type { Platform } from '../kernel/platform/platform.ts';
import { insertAll, type TableItem } from '../kernel/store/batch.ts';
import { lostUpdate } from '../kernel/store/lost_update.ts';
import { fromItem, type Item, insertedItem, keyIn } from '../kernel/store/row.ts';
import { findLostUpdate, isSameSealedText } from './domain/lost_update.ts';
import { lostUpdateNamed, lostUpdateRow, modificationRow, paymentRow } from './store.ts';

export type LostUpdatesHandler = (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>;

export const lostUpdates =
  (platform: Pick<Platform, 'clock' | 'config' | 'dynamodb' | 'log' | 'sleep'>): LostUpdatesHandler =>
  async ({ Records }) => {
    const rows: TableItem[] = [];
    let unreadable: string | undefined;
    for (const { dynamodb } of Records) {
      const images = { before: dynamodb?.OldImage as Item | undefined, after: dynamodb?.NewImage as Item | undefined };
      try {
        const lost = lostUpdate(images, platform.config.region);
        // Of what was lost itself nothing more is found.
        if (lost === null || lostUpdateNamed(keyIn(lost)) !== undefined) continue;
        const { value, written_by } =
          lost.sk?.S === 'payment' ? fromItem(paymentRow, lost) : fromItem(modificationRow, lost);
        // What its merchant had written is put right by nobody.
        if (!isSameSealedText(lost.sealed_fields, images.after?.sealed_fields)) {
          platform.log('update_lost', { object: value.id, tenant: value.tenant, mode: value.mode });
        }
        // One write stamps every row that it wrote.
        const row = findLostUpdate(`${written_by}.${keyIn(lost).sk}`, value, platform.clock());
        rows.push({ table: 'payments', item: insertedItem(lostUpdateRow, row, written_by, platform.config.region) });
      } catch (error) {
        unreadable = dynamodb?.SequenceNumber ?? '';
        platform.log('record_unreadable', { defect: defectOf(error) });
        break;
      }
    }
    await insertAll(platform, rows);
    platform.log('updates_lost', { count: rows.length });
    return { batchItemFailures: unreadable === undefined ? [] : [{ itemIdentifier: unreadable }] };
  };
