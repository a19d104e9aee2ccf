// Where merchants reach a zone. Without a domain nothing is known before the deployment, and nothing is made up.

import type { ZoneName } from '../../contract/kernel/zones.ts';
import type { StageConfig } from '../config.ts';

export const apiHost = (zone: ZoneName, domain: string): string => `api.${zone}.${domain}`;

export const baseUrlsOf = ({ domain, zones }: StageConfig): Partial<Record<ZoneName, string>> =>
  domain === undefined
    ? {}
    : Object.fromEntries(
        (Object.keys(zones) as ZoneName[]).map((zone) => [zone, `https://${apiHost(zone, domain)}/v1`]),
      );
