// The audit table: sharded by owner, ordered by the time in the entry's id. Entries are inserted under their own ids and never
// changed: no function has a permission that could. Requests with unknown credentials cannot fill it: they are only counted, from the log.

import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as v from 'valibot';
import { AuditEntry } from '../../../contract/audit/audit_entry.ts';
import { tables } from '../../../contract/capabilities.ts';
import { idPrefixes } from '../../../contract/kernel/vocabulary.ts';
import { Defect } from '../domain/refusal.ts';
import { SealedText } from '../domain/sealed_text.ts';
import { shardOf, timeOrderedBody } from '../platform/ids.ts';
import { type Inserting, insert } from './batch.ts';
import type { StorePlatform } from './commit.ts';
import { newestItems } from './lists.ts';
import { type Item, listPartition, toItem } from './row.ts';

/** As stored: with the address sealed, and its owner. */
export const StoredEntry = v.object({ ...AuditEntry.entries, address: v.nullable(SealedText), owner: v.string() });
export type StoredEntry = v.InferOutput<typeof StoredEntry>;

/** The partition of what belongs to no tenant: what operators do, and what the platform does by itself. */
export const platformAuditPartition = 'platform';

export const auditPartitionOf = (tenant: string | null, mode: string | null): string =>
  tenant === null ? platformAuditPartition : `${tenant}#${mode}`;

/** Entries of one millisecond and request differ by their action and outcome. */
export const entryId = (platform: Pick<StorePlatform, 'config'>, atMs: number, parts: readonly string[]): string =>
  `${idPrefixes.audit_entry}_${platform.config.zone}_${timeOrderedBody(atMs, parts)}`;

export const entryItem = (entry: StoredEntry): Item =>
  toItem({ ...entry, pk: listPartition(entry.owner, shardOf(entry.id, tables.audit.listShards)), sk: entry.id });

/**
 * An entry that is there already stays as it is: of those that stand for all of their kind within a while, the first one.
 * Throws where the entry may not have been written: what it records must then not be answered.
 */
export async function putEntry(platform: Inserting, entry: StoredEntry): Promise<void> {
  await insert(platform, 'audit', entryItem(entry));
}

/** Newest first, before `position`; the address still sealed. */
export async function newestEntries(
  platform: StorePlatform,
  owner: string,
  position: string | undefined,
  count: number,
): Promise<StoredEntry[]> {
  const items = await newestItems(platform, 'audit', owner, position, count);
  return items.map((item) => {
    const parsed = v.safeParse(StoredEntry, unmarshall(item));
    if (!parsed.success) throw new Defect('a row of audit does not fit its schema');
    return parsed.output;
  });
}
