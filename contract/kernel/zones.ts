// Residency zones. A zone is a pair of regions that share keys and tables and know nothing of any other zone.
// It must never hold anything but geography: what runs where is decided in strongroom.config.ts.

export interface Zone {
  /** Region that accepts writes unless the zone has failed over. */
  readonly home: string;
  /** Region inside the zone that holds the replicas. */
  readonly second: string;
  /**
   * Region inside the zone that votes on the writer's lease and holds no data. Null: DynamoDB has no region set for strongly
   * consistent tables there (CloudFormation reference, GlobalTableWitness, read 2026-12-01), so the zone runs in its home alone.
   */
  readonly witness: string | null;
}

/** Which of a zone's two regions. Which of them accepts writes is decided by a lease at run time, never by this. */
export type RegionPosition = 'home' | 'second';

export const zones = {
  us: { home: 'us-east-1', second: 'us-west-2', witness: 'us-east-2' },
  eu: { home: 'eu-west-1', second: 'eu-central-1', witness: 'eu-west-3' },
  apac: { home: 'ap-southeast-2', second: 'ap-southeast-4', witness: null },
} as const satisfies Record<string, Zone>;

export type ZoneName = keyof typeof zones;

export const zoneNames = Object.keys(zones) as readonly ZoneName[];
