// Makes the API Gateway keys of new tenants, which it reads from the tenants table's stream. A tenant whose keys cannot be made
// is reported to the stream, which brings it back with all behind it; no tenant is skipped, and none gets more than its own.

import type { Context, DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { usageKeyLimits } from '../../../contract/kernel/rates.ts';
import { Defect, defectOf } from '../../kernel/domain/refusal.ts';
import { factOf } from '../../kernel/store/recorded_fact.ts';
import type { Item } from '../../kernel/store/row.ts';
import { makeUsageKeys, type ProvisionerPlatform } from './usage_keys.ts';

export type ProvisionerHandler = (
  event: DynamoDBStreamEvent,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
) => Promise<DynamoDBBatchResponse>;

type Images = Parameters<typeof factOf>[0];

/**
 * Null: the record is of no new tenant. Whichever region it was made in: every region of the zone has an API, and so
 * keys, of its own.
 */
const newTenantIn = (images: Images): string | null => {
  const fact = factOf(images)?.fact;
  return fact?.type === 'tenant.created' ? fact.aggregate_id : null;
};

export const provisioner =
  (platform: ProvisionerPlatform): ProvisionerHandler =>
  async ({ Records }, { getRemainingTimeInMillis }) => {
    let count = 0;
    for (const { dynamodb } of Records) {
      const images = { before: dynamodb?.OldImage as Item | undefined, after: dynamodb?.NewImage as Item | undefined };
      let tenant: string | null = null;
      try {
        tenant = newTenantIn(images);
        if (tenant === null) continue;
        if (getRemainingTimeInMillis() < usageKeyLimits.reserveMs) throw new Defect('too little time is left');
        await makeUsageKeys(platform, tenant);
        count += 1;
      } catch (error) {
        platform.log('usage_keys_failed', {
          ...(tenant !== null && { tenant }),
          defect: defectOf(error),
        });
        return { batchItemFailures: [{ itemIdentifier: dynamodb?.SequenceNumber ?? '' }] };
      }
    }
    if (count > 0) platform.log('usage_keys_made', { count });
    return { batchItemFailures: [] };
  };
