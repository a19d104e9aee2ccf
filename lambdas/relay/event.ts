// The event of a committed fact: its envelope, and the object as the change left it, in its public form. Nothing else of
// the row gets out.

import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as v from 'valibot';
import { eventSchemaVersion, events } from '../../contract/events.ts';
import { idPrefixes } from '../../contract/ids.ts';
import { Key } from '../../contract/resources/key.ts';
import { Capture, Refund, Void } from '../../contract/resources/modification.ts';
import { Payment } from '../../contract/resources/payment.ts';
import { Tenant } from '../../contract/resources/tenant.ts';
import { modes } from '../../contract/roles.ts';
import type { EventRow } from '../store/events.ts';
import type { Item } from '../store/row.ts';

/** What a stream record shows of a fact; `address` and the actor stay inside. */
const Recorded = v.object({
  fact: v.object({
    id: v.string(),
    type: v.picklist(Object.keys(events) as (keyof typeof events)[]),
    aggregate_type: v.string(),
    aggregate_id: v.string(),
    sequence: v.number(),
    tenant: v.string(),
    mode: v.picklist(modes),
    at: v.string(),
  }),
  origin_region: v.string(),
});

const Shown = v.variant('object', [Payment, Capture, Refund, Void, Key, Tenant]);

/** Null: the record tells of no new fact, of another region's, or of one that is nobody's event (an operator's). */
export function eventOf(
  images: { readonly before: Item | undefined; readonly after: Item | undefined },
  region: string,
): EventRow | null {
  const factId = images.after?.fact?.M?.id?.S;
  if (images.after === undefined || factId === undefined || factId === images.before?.fact?.M?.id?.S) return null;
  const fields = unmarshall(images.after as Parameters<typeof unmarshall>[0]);
  const { fact, origin_region } = v.parse(Recorded, fields);
  if (origin_region !== region || fact.aggregate_type === 'operator') return null;
  return {
    id: fact.id.replace(idPrefixes.fact, idPrefixes.event),
    object: 'event',
    mode: fact.mode,
    type: fact.type,
    occurred_at: fact.at,
    schema_version: eventSchemaVersion,
    tenant_id: fact.tenant,
    aggregate_type: fact.aggregate_type,
    aggregate_id: fact.aggregate_id,
    sequence: fact.sequence,
    data: v.parse(Shown, fields),
  };
}
