// Residency zones. A zone is a pair of regions that share keys and tables and know nothing of any other zone.
// It must never hold anything but geography: what runs where is decided in strongroom.config.ts.

export interface Zone {
  /** Region that accepts writes unless the zone has failed over. */
  readonly home: string;
  /** Region inside the zone that holds the replicas. */
  readonly second: string;
}

export const zones = {
  us: { home: 'us-east-1', second: 'us-west-2' },
  eu: { home: 'eu-west-1', second: 'eu-central-1' },
  apac: { home: 'ap-southeast-2', second: 'ap-southeast-4' },
} as const satisfies Record<string, Zone>;

export type ZoneName = keyof typeof zones;

export const zoneNames = Object.keys(zones) as readonly ZoneName[];
