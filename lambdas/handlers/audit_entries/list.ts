// Lists the caller's own audit trail, newest first: a tenant's in the key's mode, or the platform's for operators. Filters
// are looked for in a bounded number of entries a page; a page may then be short and still have a next one.

import { auditLimits } from '../../../contract/limits.ts';
import { listAuditEntries as operation } from '../../../contract/operations/audit_entries.ts';
import { represent } from '../../domain/representation.ts';
import { timestamp } from '../../platform/clock.ts';
import { newestEntries, platformTrail, type StoredEntry, trailOf } from '../../store/audit.ts';
import { addressPlace } from '../caller.ts';
import { type Handler, type HandlerPorts, read } from '../handler.ts';
import { cursorOf, positionOf } from '../page.ts';

export const listAuditEntries: Handler<typeof operation, HandlerPorts> = async (call, { platform, keyring }) => {
  const { tenant, mode } = call.identity;
  const { limit, cursor, ...filters } = call.query;
  const owner = trailOf(tenant, mode);
  const list = [operation.id, owner, JSON.stringify(filters)];
  let position = positionOf(list, cursor);
  const found: StoredEntry[] = [];
  let ended = false;
  for (let examined = 0; examined < auditLimits.examinedPerPage && found.length <= limit && !ended; ) {
    const entries = await newestEntries(platform, owner, position, auditLimits.readAtOnce);
    const wanted = entries.filter(({ occurred_at }) => occurred_at >= (normal(filters.from) ?? ''));
    found.push(...wanted.filter((entry) => matches(entry, filters)));
    ended = wanted.length < auditLimits.readAtOnce;
    position = entries.at(-1)?.id ?? position;
    examined += entries.length;
  }
  const shown = found.slice(0, limit);
  const last = found.length > limit ? shown.at(-1)?.id : ended ? undefined : position;
  const open = ({ address, request_id }: StoredEntry) =>
    address && keyring.open(address, addressPlace(tenant ?? platformTrail, request_id));
  const data = await Promise.all(shown.map(async (entry) => ({ ...entry, address: await open(entry) })));
  const next_cursor = last === undefined ? null : cursorOf(list, last);
  return read(represent(operation.reply, { object: 'list', data, has_more: next_cursor !== null, next_cursor }));
};

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
