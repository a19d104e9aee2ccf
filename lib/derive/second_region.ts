// Which zones of a stage run in both of their regions.

import { type ZoneName, zones } from '../../contract/kernel/zones.ts';

interface Stage {
  readonly data: 'locked' | 'disposable';
  readonly secondRegion?: boolean | undefined;
}

/**
 * A locked stage runs both regions of its zones, a disposable one its home alone, unless the configuration says otherwise. Without a
 * witness nothing in the zone could say which of two regions may write: such a zone runs its home alone whatever the configuration
 * says.
 */
export const hasSecondRegion = ({ data, secondRegion = data === 'locked' }: Stage, zone: ZoneName): boolean =>
  secondRegion && zones[zone].witness !== null;
