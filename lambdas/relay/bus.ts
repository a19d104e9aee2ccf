// The zone's event bus, for the operator's own rules: ids and types only, nothing that a rule could leak. Each fact is published
// at least once, like everything behind the relay.

import { PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { busLimits } from '../../contract/relay/limits.ts';
import type { Platform } from '../kernel/platform/platform.ts';
import { sendAll } from '../kernel/store/batch.ts';
import type { RelayedFact } from '../kernel/store/recorded_fact.ts';

/** Throws where the bus keeps refusing some; it may get again what it accepted. */
export async function publish(
  { eventBridge, config, sleep }: Pick<Platform, 'eventBridge' | 'config' | 'sleep'>,
  facts: readonly RelayedFact[],
): Promise<void> {
  const entries = facts.map(({ fact, objectId }): PutEventsRequestEntry => {
    const { id, tenant, mode, aggregate_type, aggregate_id, sequence, request_id } = fact;
    const detail = {
      fact_id: id,
      tenant,
      mode,
      aggregate_type,
      aggregate_id,
      sequence,
      object_id: objectId,
      request_id,
    };
    return {
      EventBusName: config.bus,
      Source: 'strongroom',
      DetailType: fact.type,
      Time: new Date(fact.at),
      Detail: JSON.stringify(detail),
    };
  });
  await sendAll(sleep, entries, busLimits.entriesPerCall, async (batch) => {
    const { FailedEntryCount = 0, Entries = [] } = await eventBridge.send(
      new PutEventsCommand({ Entries: [...batch] }),
    );
    return FailedEntryCount === 0 ? [] : batch.filter((_, index) => Entries[index]?.ErrorCode !== undefined);
  });
}
