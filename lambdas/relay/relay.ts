// Stream records in; events, audit entries and bus events out. A record that cannot be relayed holds up its shard and is
// tried again; one that never can be relayed goes, whole, to the bucket for failed stream records, with an alarm. Nothing is
// skipped but facts that the row which bears them belies: nothing follows from those but an alarm. A replica's stream repeats
// what the other region wrote: both make its audit entry and event, which are the same; its bus event and its webhooks are the
// other's, until this region has taken over (docs/decisions/0036).

import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { idPrefixes } from '../../contract/kernel/vocabulary.ts';
import { eventItem } from '../events/store.ts';
import { defectOf } from '../kernel/domain/refusal.ts';
import { once } from '../kernel/platform/once.ts';
import type { Platform } from '../kernel/platform/platform.ts';
import { isWriter } from '../kernel/platform/writer.ts';
import { entryItem } from '../kernel/store/audit.ts';
import { insertAll, type TableItem } from '../kernel/store/batch.ts';
import { lostUpdate } from '../kernel/store/lost_update.ts';
import { factOf, type RelayedFact } from '../kernel/store/recorded_fact.ts';
import type { Images, Item } from '../kernel/store/row.ts';
import { publish } from './bus.ts';
import { entryOf } from './entry.ts';
import { eventOf } from './event.ts';
import { consequencesOf, fanOut, fanOutAfterTakeover, type Relayed } from './fan_out.ts';
import { forgeryIn, sourceOf } from './forgery.ts';

export type RelayHandler = (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>;

export const relay =
  (platform: Platform): RelayHandler =>
  async ({ Records }) => {
    const facts: RelayedFact[] = [];
    const relayed: Relayed[] = [];
    /** Of facts that the other region wrote, and whose webhooks it sends. */
    const watched: Relayed[] = [];
    const made: TableItem[] = [];
    let unreadable: string | undefined;
    const { region, zone } = platform.config;
    /** Asked when the other region's facts come, which in the home of a healthy zone is never. */
    const relaysAll = once(() => isWriter(platform.writer));
    for (const { dynamodb, eventSourceARN } of Records) {
      const images = { before: dynamodb?.OldImage as Item | undefined, after: dynamodb?.NewImage as Item | undefined };
      try {
        noteLostUpdate(platform, images);
        const recorded = factOf(images);
        if (recorded === null) continue;
        const isOurs = recorded.origin === region || (await relaysAll());
        const source = sourceOf(platform.config, eventSourceARN);
        const forgery = forgeryIn(recorded, images, source, { region, zone });
        if (forgery !== null) {
          // It is passed over, so that nobody can hold up a stream; its row, and the stream for a day, have it whole.
          platform.log('fact_forged', {
            code: forgery,
            table: source,
            sequence_number: dynamodb?.SequenceNumber ?? '',
          });
          continue;
        }
        const event = eventOf(recorded);
        const consequences = consequencesOf(recorded);
        made.push({ table: 'audit', item: entryItem(entryOf(recorded)) });
        if (event !== null) {
          made.push({ table: 'events', item: eventItem(event) });
          (isOurs ? relayed : watched).push({ event, consequences });
        }
        if (isOurs) facts.push(recorded);
      } catch (error) {
        unreadable = dynamodb?.SequenceNumber ?? '';
        platform.log('record_unreadable', { defect: defectOf(error) });
        break;
      }
    }
    await insertAll(platform, made);
    // A delivery reads its event, which must be there before the message that names it.
    await Promise.all([publish(platform, facts), fanOut(platform, relayed), fanOutAfterTakeover(platform, watched)]);
    platform.log('facts_relayed', { count: facts.length });
    return { batchItemFailures: unreadable === undefined ? [] : [{ itemIdentifier: unreadable }] };
  };

/** A change that was answered, and then lost to the other region, is for people to repeat: its event and its audit entry tell it. */
function noteLostUpdate({ config, log }: Platform, images: Images): void {
  const lost = lostUpdate(images, config.region);
  const object = lost?.id?.S;
  // Payments are put right (lambdas/payments/correct_payment.ts).
  if (object !== undefined && !lost?.pk?.S?.startsWith(idPrefixes.payment)) log('update_lost', { object });
}
