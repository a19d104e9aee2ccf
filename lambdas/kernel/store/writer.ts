// The lease of the zone's writer region, as a process knows it. It is looked at when the process first writes, and again when what
// is known may be over: never for each request. A region that is not sure is not the writer.

import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as v from 'valibot';
import { zones } from '../../../contract/kernel/zones.ts';
import { leaseKey, WriterLease } from '../../../contract/writer/lease.ts';
import { writerLimits as limits } from '../../../contract/writer/limits.ts';
import { Defect, Refusal } from '../domain/refusal.ts';
import type { LeasePlatform, Writer } from '../platform/writer.ts';
import { keyOf } from './row.ts';

const standby = (): Refusal => new Refusal('region_standby', { retryAfterSeconds: limits.standbyRetrySeconds });

/** Strongly consistent in all regions. Undefined: there is none yet. */
export async function readLease({ config, dynamodb }: LeasePlatform): Promise<WriterLease | undefined> {
  const { Item } = await dynamodb.send(
    new GetItemCommand({ TableName: config.table('writer'), Key: keyOf(leaseKey), ConsistentRead: true }),
  );
  if (Item === undefined) return undefined;
  const parsed = v.safeParse(WriterLease, unmarshall(Item));
  if (!parsed.success) throw new Defect('the writer lease does not fit its schema');
  return parsed.output;
}

/** Until then a write may begin. */
const writesUntilMs = ({ until_ms }: WriterLease): number => until_ms - limits.skewMs - limits.writeMs;

function byLease(platform: LeasePlatform): Writer {
  const { clock, config } = platform;
  let seen: { readonly lease: WriterLease | undefined; readonly atMs: number } | undefined;
  const isOwn = (lease: WriterLease | undefined): lease is WriterLease =>
    lease?.holder === config.region && clock() < writesUntilMs(lease);
  /** What another holds, or nobody, is looked at again soon; what this region holds once it nears its end. */
  const look = async (): Promise<WriterLease | undefined> => {
    if (seen !== undefined && (isOwn(seen.lease) || clock() - seen.atMs < limits.recheckMs)) return seen.lease;
    const atMs = clock();
    seen = { lease: await readLease(platform), atMs };
    return seen.lease;
  };
  return {
    async epoch() {
      const lease = await look();
      if (!isOwn(lease)) throw standby();
      return lease.epoch;
    },
    async holder() {
      const lease = await look();
      return lease !== undefined && clock() < writesUntilMs(lease) ? lease.holder : null;
    },
  };
}

/** Nobody else can be the writer. */
const configured = ({ config }: LeasePlatform): Writer => ({
  epoch: async () => 1,
  holder: async () => config.region,
});

/** The other region is the writer, until the configuration says otherwise. */
const configuredStandby = ({ config: { region, zone } }: LeasePlatform): Writer => ({
  epoch: async () => {
    throw standby();
  },
  holder: async () => (zones[zone].home === region ? zones[zone].second : zones[zone].home),
});

/** The stage says which; none is a default. */
export function writerOf(platform: LeasePlatform): Writer {
  switch (platform.config.writer) {
    case 'lease':
      return byLease(platform);
    case 'configured':
      return configured(platform);
    case 'standby':
      return configuredStandby(platform);
  }
}
