// The cost of a stage, from its templates: each zone while it is idle, and a million of its requests.

import { type ZoneName, zones } from '../../contract/kernel/zones.ts';
import { type IdleLine, type IdleTotal, idleCost, idleTotal } from '../../lib/costs/idle.ts';
import { edgeOf, type Mix, type RequestLine, requestCost } from '../../lib/costs/requests.ts';
import { byZone, type StageAssembly } from '../stage_assembly.ts';

export interface ZoneCost {
  readonly zone: string;
  /** Home first; the dollars of a month while idle. */
  readonly regions: readonly { readonly region: string; readonly dollars: number }[];
  readonly idle: readonly IdleLine[];
  readonly total: IdleTotal;
  readonly requests: readonly RequestLine[];
  readonly perMillion: number;
}

export interface StageCost {
  readonly stage: string;
  readonly zones: readonly ZoneCost[];
  readonly mix: Mix;
}

export const costOf = ({ stage, stacks }: StageAssembly, mix: Mix): StageCost => ({
  stage,
  mix,
  zones: [...byZone(stacks)].map(([zone, deployed]) => {
    const { home } = zones[zone as ZoneName];
    const requests = requestCost(mix, edgeOf(deployed, home));
    const idle = idleCost(deployed);
    return {
      zone,
      regions: [...new Set([home, ...deployed.map(({ region }) => region)])].map((region) => ({
        region,
        dollars: idleTotal(idleCost(deployed.filter((stack) => stack.region === region))).dollars,
      })),
      idle,
      total: idleTotal(idle),
      requests,
      perMillion: requests.reduce((sum, { dollarsPerMillion }) => sum + dollarsPerMillion, 0),
    };
  }),
});

/** Of all zones, a month. */
export const stageTotal = ({ zones: all }: StageCost): IdleTotal => ({
  dollars: all.reduce((sum, { total }) => sum + total.dollars, 0),
  mostDollars: all.reduce((sum, { total }) => sum + total.mostDollars, 0),
});

const secondsPerMonth = 730 * 3600;

/** Millions of requests in a month, in one zone. */
export const millionsPerMonth = (rps: number): number => (rps * secondsPerMonth) / 1e6;
