// Lists the caller's own audit trail, newest first: a tenant's in the key's mode, or the platform's for operators. Filters
// are looked for in a bounded number of entries a page; a page may then be short and still have a next one.

import { auditLimits } from '../../../../contract/audit/limits.ts';
import { listAuditEntries as operation } from '../../../../contract/audit/operations.ts';
import { serialize } from '../../../kernel/domain/serialize.ts';
import { type HandlerPorts, read } from '../../../kernel/operation/call.ts';
import { cursorsOf, searchedPage } from '../../../kernel/operation/page.ts';
import { route } from '../../../kernel/operation/route.ts';
import { addressContext } from '../../../kernel/operation/scope.ts';
import { timestamp } from '../../../kernel/platform/clock.ts';
import {
  auditPartitionOf,
  newestEntries,
  platformAuditPartition,
  type StoredEntry,
} from '../../../kernel/store/audit.ts';

export const listAuditEntries = route(operation, async (call, { platform, keyring }: HandlerPorts) => {
  const { tenant, mode } = call.identity;
  const { limit, cursor, ...filters } = call.query;
  const owner = auditPartitionOf(tenant, mode);
  const cursors = cursorsOf(keyring, { tenant: tenant ?? platformAuditPartition, mode }, [
    operation.id,
    owner,
    JSON.stringify(filters),
  ]);
  const open = ({ address, mode, request_id }: StoredEntry) =>
    address && keyring.open(address, addressContext(tenant ?? platformAuditPartition, mode, request_id));
  const page = await searchedPage(cursors, limit, await cursors.position(cursor), auditLimits, {
    read: (position, count) => newestEntries(platform, owner, position, count),
    wanted: (entry) => matches(entry, filters),
    ended: ({ occurred_at }) => occurred_at < (normal(filters.from) ?? ''),
    shown: async (entry) => ({ ...entry, address: await open(entry) }),
  });
  return read(serialize(operation.reply, page));
});

interface Filters {
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly target?: string | undefined;
  readonly to?: string | undefined;
}

const matches = (entry: StoredEntry, { actor, action, target, to }: Filters): boolean =>
  (actor === undefined || entry.actor.id === actor) &&
  (action === undefined || entry.action === action) &&
  (target === undefined || entry.target === target) &&
  (to === undefined || entry.occurred_at < (normal(to) ?? ''));

/** Times compare as text once they have the same form. */
const normal = (time: string | undefined): string | undefined => time && timestamp(Date.parse(time));
