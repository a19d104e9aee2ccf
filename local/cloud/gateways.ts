// Where the APIs of all zones are reached. A zone that runs one region is reached at its gateway; one that runs both, at an
// address before the two gateways, which leads to one of them (./front.ts).

import { createListener } from '../apigateway/listener.ts';
import type { ZoneAssembly } from '../cloudformation/assembly.ts';
import { listen } from '../host/ports.ts';
import { type Ports, url } from './addresses.ts';
import type { Options } from './arguments.ts';
import { createFront, type Front } from './front.ts';
import type { Rollback } from './rollback.ts';
import { type RegionGateway, regionsToRun } from './zone.ts';

export interface ZoneGateways {
  /** By region, the home first. */
  readonly regions: ReadonlyMap<string, RegionGateway>;
  /** Absent: there is one region. */
  readonly front: Front | undefined;
}

export interface Gateways {
  /** By zone. */
  readonly zones: ReadonlyMap<string, ZoneGateways>;
  readonly ports: Pick<Ports, 'api' | 'regions'>;
  /** URL by zone. */
  readonly api: Readonly<Record<string, string>>;
  /** URL by region, of zones that run both. */
  readonly regions: Readonly<Record<string, string>>;
}

/** Of `--port`: the first zone's API is at offset 0, the second's at 1, the test processor at 2. */
export const requiredPort = ({ port }: Options, offset: number): number | undefined => port && port + offset;

const urls = (ports: Readonly<Record<string, number>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, url(port)]));

export const openGateways = async (
  assemblies: readonly ZoneAssembly[],
  { options, rollback, remembered }: { options: Options; rollback: Rollback; remembered: Ports | undefined },
): Promise<Gateways> => {
  const zones = new Map<string, ZoneGateways>();
  const ports: { api: Record<string, number>; regions: Record<string, number> } = { api: {}, regions: {} };
  for (const [at, assembly] of assemblies.entries()) {
    const { zone } = assembly;
    const ofZone = {
      required: at < 2 ? requiredPort(options, at) : undefined,
      remembered: remembered?.api[zone],
      what: `API of zone ${zone}`,
    };
    const names = regionsToRun(assembly, options.bothRegions);
    const front = names.length > 1 ? createFront() : undefined;
    if (front !== undefined) {
      ports.api[zone] = await listen(front.server, ofZone);
      rollback.add(() => front.close());
    }
    const regions = new Map<string, RegionGateway>();
    for (const name of names) {
      const listener = createListener();
      const ofRegion = { remembered: remembered?.regions?.[name], what: `API of ${name}` };
      const port = await listen(rollback.closing(listener.server), front === undefined ? ofZone : ofRegion);
      if (front === undefined) ports.api[zone] = port;
      else ports.regions[name] = port;
      regions.set(name, { listener, port });
    }
    front?.lead(regions.get(assembly.region)?.port ?? 0);
    zones.set(zone, { regions, front });
  }
  return { zones, ports, api: urls(ports.api), regions: urls(ports.regions) };
};
