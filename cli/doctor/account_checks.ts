// What the account of the credentials is, and whether the regions of a stage are ready in it: opted in, bootstrapped, no stack in
// the way.

import { callerOf } from '../aws/caller.ts';
import { type Aws, AwsFailure } from '../aws/client.ts';
import { type Finding, note, ok, unknown, wrong } from './finding.ts';
import type { RegionNeeds } from './needs.ts';

/** A check that gets no answer finds nothing out. */
export async function findOut(what: string, look: () => Promise<Finding | Finding[]>): Promise<Finding[]> {
  try {
    return [await look()].flat();
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    const refused = /AccessDenied|NotAuthorized|UnauthorizedOperation/.test(error.code);
    return [unknown(what, refused ? `the credentials may not ask (${error.code})` : error.message)];
  }
}

/** STS answers where the credentials are from, whatever they may do. */
export const accountOf = async (aws: Aws): Promise<string> => (await callerOf(aws, 'us-east-1')).account;

const optIns: Readonly<Record<string, (region: string) => Finding>> = {
  'opt-in-not-required': (region) => ok(region, 'open to every account'),
  'opted-in': (region) => ok(region, 'opted in'),
  'not-opted-in': (region) =>
    wrong(
      region,
      'the account has not opted in',
      `aws account enable-region --region-name ${region}; it can take hours.`,
    ),
};

/** A new region is closed until the account opts in: apac's second one, for example. */
export async function regionsCheck(aws: Aws, regions: readonly string[]): Promise<Finding[]> {
  const input = Object.fromEntries(regions.map((region, at) => [`RegionName.${at + 1}`, region]));
  return findOut('regions', async () => {
    const xml = await aws.query('ec2', 'us-east-1', '2016-11-15', 'DescribeRegions', { AllRegions: 'true', ...input });
    const items = xml.split('<item>').slice(1);
    return regions.map((region) => {
      const status = items
        .find((item) => item.includes(`<regionName>${region}</regionName>`))
        ?.match(/<optInStatus>([^<]+)</)?.[1];
      return optIns[status ?? '']?.(region) ?? unknown(region, `EC2 says ${status ?? 'nothing'} of its opt-in`);
    });
  });
}

const parameter = '/cdk-bootstrap/hnb659fds/version';

export const bootstrapCheck = (
  aws: Aws,
  { region, bootstrapVersion }: RegionNeeds,
  account: string,
): Promise<Finding[]> => {
  const what = `${region}: bootstrap`;
  const hint = `npx cdk bootstrap aws://${account}/${region}`;
  return findOut(what, async () => {
    try {
      const answer = await aws.json('ssm', region, 'AmazonSSM.GetParameter', { Name: parameter });
      const { Value } = (answer.Parameter ?? {}) as { readonly Value?: string };
      const version = Number(Value);
      if (!Number.isInteger(version)) return unknown(what, `the version is ${Value}`);
      return version >= bootstrapVersion
        ? ok(what, `version ${version}, at least ${bootstrapVersion} needed`)
        : wrong(what, `version ${version}, and ${bootstrapVersion} is needed`, hint);
    } catch (error) {
      if (error instanceof AwsFailure && error.code === 'ParameterNotFound') return wrong(what, 'not done', hint);
      throw error;
    }
  });
};

const advice = (region: string, state: string): string | null => {
  if (state === 'ROLLBACK_COMPLETE' || state === 'REVIEW_IN_PROGRESS') return null;
  if (state.endsWith('_IN_PROGRESS')) return 'Wait for it: two deployments of one stack at once are refused.';
  if (state === 'ROLLBACK_FAILED' || state === 'DELETE_FAILED' || state === 'CREATE_FAILED')
    return `Look at its events in ${region}, then delete the stack; the deployment makes it again.`;
  if (state === 'UPDATE_ROLLBACK_FAILED')
    return `aws cloudformation continue-update-rollback --region ${region}, and its name`;
  return null;
};

/** Of the stacks that are to be deployed, those that there are, and those that CloudFormation would not let be changed. */
export function stacksCheck({ region, stacks }: RegionNeeds, deployed: ReadonlyMap<string, string>): Finding[] {
  const what = `${region}: stacks`;
  const here = stacks.filter(({ name }) => deployed.has(name));
  const stuck = here.flatMap(({ name }) => {
    const state = deployed.get(name) ?? '';
    const hint = advice(region, state);
    return hint === null ? [] : [wrong(what, `${name} is ${state}`, hint)];
  });
  const failedFirst = here.filter(({ name }) => deployed.get(name) === 'ROLLBACK_COMPLETE');
  return [
    ...stuck,
    ...(stuck.length > 0 ? [] : [ok(what, `${here.length} of ${stacks.length} are there`)]),
    ...failedFirst.map(({ name }) => note(what, `the first deployment of ${name} failed; the next one makes it again`)),
  ];
}
