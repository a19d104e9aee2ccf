// Audit entries: who did what to which object, when and from where. Written once, never changed.

import * as v from 'valibot';
import { Id, Mode, RequestedTime, Timestamp } from '../kernel/fields.ts';
import { ListQuery } from '../kernel/list.ts';
import { actorKinds } from '../kernel/roles.ts';
import { auditLimits as limits } from './limits.ts';

export const auditOutcomes = [
  /** A change: `action` is the type of its fact. */
  'committed',
  /** A read, recorded beside it: whether it found anything is not known yet. */
  'requested',
  /** A repeat that got the first reply again. */
  'replayed',
  /** A change that was the case already. */
  'unchanged',
  /** `code` tells why. */
  'refused',
  /** Something failed on our side; what was committed has entries of its own. */
  'failed',
] as const;

const Actor = v.object({ kind: v.picklist(actorKinds), id: v.string() });

export const AuditEntry = v.object({
  id: Id('audit_entry'),
  object: v.literal('audit_entry'),
  mode: Mode,
  occurred_at: Timestamp,
  /** The type of the fact that was committed, or the id of the operation that was asked for. */
  action: v.string(),
  outcome: v.picklist(auditOutcomes),
  code: v.nullable(v.string()),
  actor: Actor,
  on_behalf_of: v.nullable(Actor),
  /** The object that it is about; null where there is no one object. */
  target: v.nullable(v.string()),
  request_id: v.string(),
  /** Null for acts of the system. */
  address: v.nullable(v.string()),
});

const Filter = v.pipe(v.string(), v.regex(/^[\w./:-]+$/, 'Expected an exact value'), v.maxLength(limits.filterChars));

/** Filters are exact and join by "and". `from` is inclusive, `to` is not. */
export const AuditQuery = v.strictObject({
  ...ListQuery.entries,
  actor: v.optional(Filter),
  action: v.optional(Filter),
  target: v.optional(Filter),
  from: v.optional(RequestedTime),
  to: v.optional(RequestedTime),
});
