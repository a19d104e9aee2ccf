// The table of data keys: each one wrapped, under the tenant, what wraps it, and its name.

import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { DataKeyId, DataKeys } from '../crypto/keyring.ts';
import { timestamp } from '../platform/clock.ts';
import type { StorePlatform } from './commit.ts';
import { holds } from './conditional.ts';
import { loadItem } from './load.ts';
import { toItem } from './row.ts';

export const dataKeyItem = ({ tenant, wrapping, day, number }: DataKeyId) => ({
  pk: `${tenant}#${wrapping}`,
  sk: `${String(day).padStart(5, '0')}.${number}`,
});

export const dataKeys = (platform: Pick<StorePlatform, 'clock' | 'config' | 'dynamodb'>): DataKeys => ({
  async load(key) {
    const item = await loadItem(platform, 'data_keys', dataKeyItem(key), true);
    return item?.wrapped?.B;
  },
  keep(key, wrapped) {
    const now = timestamp(platform.clock());
    return holds(
      platform.dynamodb.send(
        new PutItemCommand({
          TableName: platform.config.table('data_keys'),
          Item: toItem({ ...dataKeyItem(key), wrapped, created_at: now, wrapped_at: now }),
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      ),
    );
  },
});
