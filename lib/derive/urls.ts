// The base URLs of zones. Without a domain they are not known before the deployment: a zone then answers with the address of its
// own API (lambdas/kernel/http/base_url.ts), and names no other zone's.

import type { ZoneName } from '../../contract/kernel/zones.ts';
import type { StageConfig } from '../config.ts';

export const apiHost = (zone: ZoneName, domain: string): string => `api.${zone}.${domain}`;

export const baseUrlsOf = ({ domain, zones }: StageConfig): Partial<Record<ZoneName, string>> =>
  domain === undefined
    ? {}
    : Object.fromEntries(
        (Object.keys(zones) as ZoneName[]).map((zone) => [zone, `https://${apiHost(zone, domain)}/v1`]),
      );
