// The fact that the write behind a stream record recorded, if it recorded one.

import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as v from 'valibot';
import { actorKinds, modes } from '../../../contract/kernel/roles.ts';
import { events } from '../../../contract/kernel/vocabulary.ts';
import type { Sealed } from '../domain/sealed_text.ts';
import type { Images } from './row.ts';

const Actor = v.object({ kind: v.picklist(actorKinds), id: v.string() });

/** Lambda hands binary values over as base64 text, SDK clients as bytes. */
const Bytes = v.nullable(
  v.union([
    v.instance(Uint8Array),
    v.pipe(
      v.string(),
      v.transform((text): Uint8Array => Buffer.from(text, 'base64')),
    ),
  ]),
);

const Recorded = v.object({
  id: v.string(),
  origin_region: v.string(),
  sealed_fields: v.optional(Bytes, null),
  fact: v.object({
    id: v.string(),
    type: v.picklist(Object.keys(events) as (keyof typeof events)[]),
    aggregate_type: v.picklist(Object.values(events)),
    aggregate_id: v.string(),
    sequence: v.number(),
    previous: v.nullable(v.string()),
    tenant: v.string(),
    mode: v.picklist(modes),
    actor: Actor,
    on_behalf_of: v.nullable(Actor),
    request_id: v.string(),
    at: v.string(),
    address: Bytes,
  }),
});

export interface RelayedFact {
  /** The region that wrote it. */
  readonly origin: string;
  readonly fact: v.InferOutput<typeof Recorded>['fact'];
  /** The object that the write changed, and its id. */
  readonly objectId: string;
  readonly object: Record<string, unknown>;
  /** What merchants wrote in it, sealed; null where it has none. */
  readonly sealed_fields: Sealed<string> | null;
}

/** Null: the record has no new fact. */
export function factOf(images: Images): RelayedFact | null {
  const factId = images.after?.fact?.M?.id?.S;
  if (images.after === undefined || factId === undefined || factId === images.before?.fact?.M?.id?.S) return null;
  const object = unmarshall(images.after as Parameters<typeof unmarshall>[0]);
  const { id, fact, origin_region: origin, sealed_fields } = v.parse(Recorded, object);
  return { origin, fact, objectId: id, object, sealed_fields };
}
