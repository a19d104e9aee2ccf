// The table of data keys: each one wrapped, under the tenant, what wraps it, and its name.

import type { DataKeyId, DataKeys } from '../crypto/keyring.ts';
import { timestamp } from '../platform/clock.ts';
import type { Platform } from '../platform/platform.ts';
import { insert } from './batch.ts';
import { loadItem } from './load.ts';
import { toItem } from './row.ts';

export const dataKeyItem = ({ tenant, wrapping, day, number }: DataKeyId) => ({
  pk: `${tenant}#${wrapping}`,
  sk: `${String(day).padStart(5, '0')}.${number}`,
});

export const dataKeys = (platform: Pick<Platform, 'clock' | 'config' | 'dynamodb' | 'sleep'>): DataKeys => ({
  async load(key) {
    const item = await loadItem(platform, 'data_keys', dataKeyItem(key), true);
    return item?.wrapped?.B;
  },
  keep(key, wrapped) {
    const now = timestamp(platform.clock());
    const item = toItem({ ...dataKeyItem(key), wrapped, created_at: now, wrapped_at: now });
    return insert(platform, 'data_keys', item);
  },
});
