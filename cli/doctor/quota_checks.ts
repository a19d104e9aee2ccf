// Whether the account's quotas in a region hold what the stage's stacks will make there. Stacks that are deployed already are in
// what AWS says is used, and are not counted again.

import { engineerLimits } from '../../contract/kernel/limits.ts';
import { rates } from '../../contract/kernel/rates.ts';
import { type Aws, AwsFailure, parsed } from '../aws/client.ts';
import { findOut } from './account_checks.ts';
import { type Finding, note, ok, unknown, wrong } from './finding.ts';
import { countedIn, type RegionNeeds } from './needs.ts';

/** Lambda keeps at least this much for functions that reserve nothing (Lambda developer guide, reserved concurrency; read 2026-12). */
const unreserved = 100;
/** Below this a burst of a few requests is throttled: each takes the authorizer and a function. New accounts have 10. */
const comfortable = 100;
/** Per account and region; can't be raised (API Gateway developer guide, "Quotas for REST APIs", read 2026-12). */
const apiKeyQuota = 10_000;

interface Quota {
  readonly service: string;
  readonly code: string;
}

/** Names of quotas in Service Quotas. */
const quotas = {
  concurrency: { service: 'lambda', code: 'L-B99A9384' },
  vpcs: { service: 'vpc', code: 'L-F678F1CE' },
  addresses: { service: 'ec2', code: 'L-0263D0A3' },
  requests: { service: 'apigateway', code: 'L-8A5B8E43' },
} as const satisfies Record<string, Quota>;

const raise = (region: string, { service, code }: Quota, to: number): string =>
  `In Service Quotas of ${region}, ask for ${to} of ${service} ${code}.`;

async function quotaOf(aws: Aws, region: string, { service, code }: Quota): Promise<number> {
  const target = 'ServiceQuotasV20190624.GetServiceQuota';
  const answer = await aws.json('servicequotas', region, target, { ServiceCode: service, QuotaCode: code });
  const { Value } = (answer.Quota ?? {}) as { readonly Value?: number };
  if (typeof Value !== 'number') throw new AwsFailure('unreadable', 'Service Quotas gives no value');
  return Value;
}

export const concurrencyCheck = (aws: Aws, { region }: RegionNeeds, toCome: number): Promise<Finding[]> => {
  const what = `${region}: Lambda concurrency`;
  return findOut(what, async () => {
    const { AccountLimit } = parsed(await aws.get('lambda', region, '/2016-08-19/account-settings/'));
    const { ConcurrentExecutions: all, UnreservedConcurrentExecutions: free } = (AccountLimit ?? {}) as {
      readonly ConcurrentExecutions?: number;
      readonly UnreservedConcurrentExecutions?: number;
    };
    if (all === undefined || free === undefined) return unknown(what, 'Lambda gives no limit');
    const hint = raise(region, quotas.concurrency, 1000);
    if (toCome > 0 && free - toCome < unreserved)
      return wrong(
        what,
        `${all}, of which ${free} are free: ${toCome} to reserve and ${unreserved} to leave don't fit`,
        hint,
      );
    if (free < comfortable) return note(what, `${free} free of ${all}: enough to try, not for load`, hint);
    return ok(what, `${free} free of ${all}, ${toCome} to reserve`);
  });
};

/** A quota, how many of it are used, and how many are to come. */
async function countCheck(
  aws: Aws,
  region: string,
  {
    what,
    quota,
    toCome,
    used,
  }: {
    readonly what: string;
    readonly quota: Quota;
    readonly toCome: number;
    readonly used: () => Promise<number>;
  },
): Promise<Finding[]> {
  const name = `${region}: ${what}`;
  if (toCome === 0) return [];
  return findOut(name, async () => {
    const [most, inUse] = await Promise.all([quotaOf(aws, region, quota), used()]);
    return inUse + toCome <= most
      ? ok(name, `${inUse} of ${most} used, ${toCome} to come`)
      : wrong(name, `${inUse} of ${most} used, ${toCome} to come`, raise(region, quota, inUse + toCome));
  });
}

const ec2 = (aws: Aws, region: string, action: string, element: string) => async (): Promise<number> => {
  const xml = await aws.query('ec2', region, '2016-11-15', action);
  if (xml.includes('<nextToken>')) throw new AwsFailure('too many', `more than one page of ${element}`);
  // The same element stands in nested lists too: an item's own is the first in it.
  return [...xml.matchAll(new RegExp(`<item>\\s*(?:<(?!item)[^>]*>[^<]*</[^>]*>\\s*)*?<${element}>`, 'g'))].length;
};

async function apiKeysIn(aws: Aws, region: string): Promise<number> {
  let count = 0;
  let position: string | undefined;
  for (let page = 0; page < engineerLimits.pages; page += 1) {
    const query = new URLSearchParams({ limit: '500', ...(position !== undefined && { position }) });
    const { item, items, position: next } = parsed(await aws.get('apigateway', region, `/apikeys?${query}`));
    const list = item ?? items;
    count += Array.isArray(list) ? list.length : 0;
    if (typeof next !== 'string') return count;
    position = next;
  }
  throw new AwsFailure('too many', `more than ${engineerLimits.pages} pages of API keys`);
}

/** Every tenant gets a key of each usage plan. */
export const apiKeysCheck = (aws: Aws, { region }: RegionNeeds, toCome: number): Promise<Finding[]> => {
  const what = `${region}: API keys`;
  return findOut(what, async () => {
    const inUse = await apiKeysIn(aws, region);
    const tenants = Math.floor((apiKeyQuota - inUse - toCome) / rates.length);
    return tenants > 0
      ? ok(what, `${inUse} of ${apiKeyQuota} used: room for ${tenants} more tenants`)
      : wrong(what, `${inUse} of ${apiKeyQuota} used: no room`, 'The quota is fixed: another account is needed.');
  });
};

/** Below the stage's own throttle the account's is met first, by the requests of all its APIs together. */
export const throttleCheck = (aws: Aws, { region, throttle }: RegionNeeds): Promise<Finding[]> => {
  const what = `${region}: requests a second`;
  return findOut(what, async () => {
    const { throttleSettings } = parsed(await aws.get('apigateway', region, '/account'));
    const { rateLimit } = (throttleSettings ?? {}) as { readonly rateLimit?: number };
    if (rateLimit === undefined) return unknown(what, 'API Gateway gives no limit');
    return rateLimit < throttle
      ? note(
          what,
          `${rateLimit} in the account, and the stage lets ${throttle} through`,
          raise(region, quotas.requests, throttle),
        )
      : ok(what, `${rateLimit} in the account, ${throttle} in the stage`);
  });
};

/** All quotas of a region that stacks which aren't there yet will draw on. */
export async function quotaChecks(
  aws: Aws,
  needs: RegionNeeds,
  deployed: ReadonlyMap<string, string>,
): Promise<Finding[]> {
  const { region } = needs;
  const toCome = countedIn(needs.stacks.filter(({ name }) => !deployed.has(name)));
  const found = await Promise.all([
    concurrencyCheck(aws, needs, toCome.reservedConcurrency),
    countCheck(aws, region, {
      ...{ what: 'VPCs', quota: quotas.vpcs, toCome: toCome.vpcs },
      used: ec2(aws, region, 'DescribeVpcs', 'vpcId'),
    }),
    countCheck(aws, region, {
      ...{ what: 'Elastic IPs', quota: quotas.addresses, toCome: toCome.addresses },
      used: ec2(aws, region, 'DescribeAddresses', 'publicIp'),
    }),
    apiKeysCheck(aws, needs, toCome.apiKeys),
    throttleCheck(aws, needs),
  ]);
  return found.flat();
}
