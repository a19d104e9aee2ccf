// The base URLs of zones. Without a domain they are not known before the deployment: a zone then answers with the address of its
// own API (lambdas/kernel/http/base_url.ts), and names no other zone's.

import type { ZoneName } from '../../contract/kernel/zones.ts';
import type { StageConfig } from '../config.ts';
import type { ZoneDeployment } from './names.ts';

type OfZone = Pick<ZoneDeployment, 'zone' | 'otherRegion' | 'stageConfig'>;

export const apiHost = (zone: ZoneName, domain: string): string => `api.${zone}.${domain}`;

/** Of one region, whichever of the two the zone's own address leads to. Both are covered by a certificate for `*.<zone>.<domain>`. */
export const regionHost = (zone: ZoneName, region: string, domain: string): string => `api-${region}.${zone}.${domain}`;

/** Empty where the zone has one region, or no names by which the other one could be told from this one. */
export const otherRegionUrlOf = ({ zone, otherRegion, stageConfig: { domain } }: OfZone): string =>
  otherRegion === undefined || domain === undefined ? '' : `https://${regionHost(zone, otherRegion, domain)}`;

export const baseUrlsOf = ({ domain, zones }: StageConfig): Partial<Record<ZoneName, string>> =>
  domain === undefined
    ? {}
    : Object.fromEntries(
        (Object.keys(zones) as ZoneName[]).map((zone) => [zone, `https://${apiHost(zone, domain)}/v1`]),
      );
