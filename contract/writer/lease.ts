// The lease that names the zone's writer region, as its one row holds it.

import * as v from 'valibot';

export const WriterLease = v.object({
  /** The region that takes writes. */
  holder: v.string(),
  /** Rises with each take-over by another region. */
  epoch: v.number(),
  /** Nobody else takes it before (ms since the epoch, by the holder's clock). It never falls. */
  until_ms: v.number(),
  /** The region to which the holder hands it over: the holder renews no more. Null: to none. */
  successor: v.nullable(v.string()),
});
export type WriterLease = v.InferOutput<typeof WriterLease>;

export const leaseKey = { pk: 'lease', sk: 'writer' } as const;
