// All that is asked of AWS about stages: who the credentials are, then each account and region that they may speak for.

import type { AssembledStack } from '../../lib/cloud_assembly.ts';
import type { Aws } from '../aws/client.ts';
import { stacksIn } from '../aws/stacks.ts';
import { accountOf, bootstrapCheck, findOut, regionsCheck, stacksCheck } from './account_checks.ts';
import { backupChecks } from './backup_checks.ts';
import { domainChecks } from './domain_checks.ts';
import { type Finding, ok, unknown } from './finding.ts';
import { needsOf, type RegionNeeds } from './needs.ts';
import { quotaChecks } from './quota_checks.ts';

async function regionChecks(aws: Aws, needs: RegionNeeds, account: string): Promise<Finding[]> {
  const deployed: { stacks: ReadonlyMap<string, string> | null } = { stacks: null };
  const stacks = await findOut(`${needs.region}: stacks`, async () => {
    deployed.stacks = await stacksIn(aws, needs.region);
    return stacksCheck(needs, deployed.stacks);
  });
  const others = await Promise.all([
    bootstrapCheck(aws, needs, account),
    // Without the list of stacks, nothing that is counted could be told from what is there already.
    deployed.stacks === null
      ? [unknown(`${needs.region}: quotas`, 'not looked at, as the stacks are unknown')]
      : quotaChecks(aws, needs, deployed.stacks),
    domainChecks(aws, needs),
    backupChecks(aws, needs),
  ]);
  return [...stacks, ...others.flat()];
}

export async function stageChecks(aws: Aws, stacks: readonly AssembledStack[]): Promise<Finding[]> {
  const who: { account: string | null } = { account: null };
  const identity = await findOut('account', async () => {
    who.account = await accountOf(aws);
    return ok('account', who.account);
  });
  const { account } = who;
  if (account === null) return identity;
  const needs = needsOf(stacks);
  const own = needs.filter((each) => each.account === null || each.account === account);
  const foreign = needs.filter((each) => !own.includes(each));
  const regions = [...new Set(own.map(({ region }) => region))];
  const found = await Promise.all([
    regions.length > 0 ? regionsCheck(aws, regions) : [],
    ...own.map((each) => regionChecks(aws, each, account)),
  ]);
  return [
    ...identity,
    ...found.flat(),
    ...foreign.map(({ region, account: other }) =>
      unknown(region, `belongs to account ${other}`, 'Run this again with credentials of that account.'),
    ),
  ];
}
