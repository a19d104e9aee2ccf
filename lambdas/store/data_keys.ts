// The table of data keys: one wrapped key for each tenant and day. A key that is there is never written again, since what it
// sealed would be lost with it.

import { ConditionalCheckFailedException, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { DailyKeys } from '../crypto/keyring.ts';
import { timestamp } from '../platform/clock.ts';
import type { StorePlatform } from './commit.ts';
import { keyOf, toItem } from './row.ts';

const key = (tenant: string, day: number) => ({ pk: tenant, sk: String(day).padStart(5, '0') });

/** For functions that may only look them up. */
export const foundKeys = (platform: StorePlatform): DailyKeys => ({
  async load(tenant, day) {
    const { Item } = await platform.dynamodb.send(
      new GetItemCommand({
        TableName: platform.config.table('data_keys'),
        Key: keyOf(key(tenant, day)),
        ConsistentRead: true,
      }),
    );
    return Item?.wrapped?.B;
  },
});

/** For functions that make them too. */
export const madeKeys = (platform: StorePlatform): DailyKeys => ({
  ...foundKeys(platform),
  async keep(tenant, day, wrapped) {
    try {
      await platform.dynamodb.send(
        new PutItemCommand({
          TableName: platform.config.table('data_keys'),
          Item: toItem({ ...key(tenant, day), wrapped, created_at: timestamp(platform.clock()) }),
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  },
});
