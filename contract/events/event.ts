// Events: committed facts as merchants read them.

import * as v from 'valibot';
import { Id, Mode, Timestamp } from '../kernel/fields.ts';
import { events } from '../kernel/vocabulary.ts';

export const Event = v.object({
  id: Id('event'),
  object: v.literal('event'),
  mode: Mode,
  type: v.picklist(Object.keys(events) as (keyof typeof events)[]),
  occurred_at: Timestamp,
  schema_version: v.number(),
  tenant_id: v.string(),
  aggregate_type: v.string(),
  aggregate_id: v.string(),
  /** Gap-free per aggregate. */
  sequence: v.number(),
  /** The object as the change left it, without personal data. */
  data: v.record(v.string(), v.unknown()),
});
