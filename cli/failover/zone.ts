// A zone of two regions, in AWS or in the local cloud, as `strongroom failover` reaches it. Every call has a deadline.

import { setTimeout } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';
import { canaryLimits } from '../../contract/canary/limits.ts';
import { pages } from '../../contract/docs/pages.ts';
import { variables } from '../../contract/kernel/environment.ts';
import { engineerLimits } from '../../contract/kernel/limits.ts';
import type { ZoneName } from '../../contract/kernel/zones.ts';
import { readConfig } from '../../lambdas/kernel/platform/config.ts';
import { alarmName, stackName, tableName, type ZoneDeployment } from '../../lib/derive/names.ts';
import { regionHost } from '../../lib/derive/urls.ts';
import { url } from '../../local/cloud/addresses.ts';
import { type Caller, callerOf } from '../aws/caller.ts';
import { type Aws, AwsFailure, createAws } from '../aws/client.ts';
import { type AwsClock, createAwsClock } from '../aws/clock.ts';
import { requireCredentials } from '../aws/credentials.ts';
import { type ClientTarget, clientSettings } from '../aws/settings.ts';
import { describeStack, fieldIn } from '../aws/stacks.ts';
import { Usage } from '../command_line.ts';
import { deployerOf, localPorts } from '../local_cloud.ts';
import { type ZoneArguments, zoneDeploymentOf, zoneTargetOf } from '../zone_deployment.ts';
import { type LeaseAccess, type LeaseRegion, leaseAccess, NoAnswer } from './lease_access.ts';

export interface RegionHealth {
  /** Whether that region, and no other, answers its public page. */
  readonly answers: boolean;
  /** Those of its lease function that are on: it would not take a lease. Null: unknown. */
  readonly alarms: readonly string[] | null;
}

export interface FailoverZone {
  /** `production us`, and where it runs. */
  readonly title: string;
  /** The home, then the second region. */
  readonly regions: readonly [string, string];
  readonly lease: LeaseAccess;
  /** As the audit trail names them. */
  readonly actor: string;
  health(region: string): Promise<RegionHealth>;
  /** The clock of the zone's functions, as well as it is known. */
  now(): Promise<number>;
}

export async function failoverZoneOf(where: ZoneArguments): Promise<FailoverZone> {
  const target = zoneTargetOf(where, 'strongroom failover');
  return target.runs === 'in AWS' ? zoneInAws(target.deployment) : localZone(where.state, target.zone);
}

function regionsOf({ stage, zone, region, otherRegion }: ZoneDeployment): [string, string] {
  if (otherRegion === undefined)
    throw new Usage(`Stage ${stage} runs the zone ${zone} in ${region} alone: nothing can be handed over.`);
  return [region, otherRegion];
}

/** Whoever answers by that address says which region it is: where names lead elsewhere, another one would. */
async function answersAs(region: string, origin: string | undefined): Promise<boolean> {
  if (origin === undefined) return false;
  try {
    const reply = await fetch(`${origin}${pages.health.path}`, {
      redirect: 'error',
      headers: { 'user-agent': 'strongroom-failover' },
      signal: AbortSignal.timeout(canaryLimits.answerMs),
    });
    const body: unknown = await reply.json();
    return (
      reply.status === 200 && typeof body === 'object' && body !== null && 'region' in body && body.region === region
    );
  } catch {
    return false;
  }
}

function leaseRegion(deployment: ZoneDeployment, target: ClientTarget, clock?: AwsClock): LeaseRegion {
  const config = readConfig({
    AWS_REGION: target.region,
    [variables.zone]: deployment.zone,
    [variables.writer]: 'lease',
    [variables.table('writer')]: tableName(deployment, 'writer'),
    [variables.table('audit')]: tableName(deployment, 'audit'),
  });
  const dynamodb = new DynamoDBClient(clientSettings(target));
  clock?.observe(dynamodb);
  return { region: target.region, config, dynamodb };
}

/** The region that takes writes: for commands that write rows of the zone. Throws a Usage where that can't be found out. */
export async function writerRegionOf(deployment: ZoneDeployment, endpoint: string | undefined): Promise<string> {
  const { region, otherRegion, stage, zone } = deployment;
  if (otherRegion === undefined) return region;
  const credentials = await requireCredentials();
  const reached = [region, otherRegion].map((each) => leaseRegion(deployment, { region: each, endpoint, credentials }));
  const lease = await leaseAccess(reached, setTimeout)
    .read()
    .catch((thrown: unknown) => {
      if (!(thrown instanceof NoAnswer)) throw thrown;
      throw new Usage(
        `Which region of ${stage} ${zone} writes can't be found out (${thrown.message}): nothing was done.`,
      );
    });
  if (lease === undefined)
    throw new Usage(`No region of ${stage} ${zone} writes yet: nothing was done. The home begins within a minute.`);
  return lease.holder;
}

export async function zoneInAws(deployment: ZoneDeployment): Promise<FailoverZone> {
  const regions = regionsOf(deployment);
  const credentials = await requireCredentials();
  const aws = createAws(credentials);
  const { account, arn } = await callerInEither(aws, regions);
  const { stage, zone, zoneConfig } = deployment;
  if (zoneConfig.account !== undefined && zoneConfig.account !== account)
    throw new Usage(
      `The credentials are of account ${account}, and ${stage} ${zone} belongs to ${zoneConfig.account}.`,
    );
  const clock = createAwsClock();
  const endpoint = process.env.STRONGROOM_ENDPOINT;
  const reached = regions.map((region) => leaseRegion(deployment, { region, endpoint, credentials }, clock));
  return {
    title: `${stage} ${zone}, account ${account}`,
    regions,
    lease: leaseAccess(reached, setTimeout),
    actor: arn,
    async health(region) {
      const [answers, alarms] = await Promise.all([
        originOf(aws, deployment, region).then((origin) => answersAs(region, origin)),
        leaseAlarms(aws, deployment, region),
      ]);
      return { answers, alarms };
    },
    now: async () => clock.now(),
  };
}

/** Of the region that answers: the other one may be what is being left. */
async function callerInEither(aws: Aws, regions: readonly [string, string]): Promise<Caller> {
  const [home, second] = regions;
  try {
    return await callerOf(aws, home).catch(() => callerOf(aws, second));
  } catch (thrown) {
    if (!(thrown instanceof AwsFailure)) throw thrown;
    throw new Usage(
      `STS does not say whose credentials these are (${thrown.message}): nothing was done. Are they valid, and is this machine's clock right?`,
    );
  }
}

/** By the region's own name, or the address that API Gateway gave it. Undefined: it can't be found out. */
async function originOf(aws: Aws, deployment: ZoneDeployment, region: string): Promise<string | undefined> {
  const { domain } = deployment.stageConfig;
  if (domain !== undefined) return `https://${regionHost(deployment.zone, region, domain)}`;
  const stack = await describeStack(aws, region, stackName(deployment, 'api')).catch(() => null);
  const [, endpoint] = Object.entries(stack?.outputs ?? {}).find(([output]) => output.startsWith('apiEndpoint')) ?? [];
  return endpoint?.replace(/\/$/, '');
}

const alarmNames = ['writer_lease-failing', 'writer_lease-stopped'] as const;

/** Null where CloudWatch does not answer, or knows less than all of them. */
async function leaseAlarms(aws: Aws, deployment: ZoneDeployment, region: string): Promise<string[] | null> {
  const names = alarmNames.map((name, at) => [`AlarmNames.member.${at + 1}`, alarmName(deployment, name)]);
  const types = { 'AlarmTypes.member.1': 'MetricAlarm', 'AlarmTypes.member.2': 'CompositeAlarm' };
  const input = { ...Object.fromEntries(names), ...types };
  const xml = await aws.query('monitoring', region, '2010-08-01', 'DescribeAlarms', input).catch(() => '');
  const states = new Map(
    xml.split('<member>').map((member) => [fieldIn(member, 'AlarmName'), fieldIn(member, 'StateValue')]),
  );
  const stateOf = (name: string): string | undefined => states.get(alarmName(deployment, name));
  if (alarmNames.some((name) => !['OK', 'ALARM'].includes(stateOf(name) ?? ''))) return null;
  return alarmNames.filter((name) => stateOf(name) === 'ALARM');
}

const Clock = v.object({ ahead_ms: v.number() });

async function localZone(state: string | undefined, zone: ZoneName): Promise<FailoverZone> {
  const { stage, endpoint, credentials } = await deployerOf(state);
  const deployment = zoneDeploymentOf(stage, zone);
  const regions = regionsOf(deployment);
  const ports = await localPorts(state);
  const portOf = (region: string): number | undefined => ports.regions?.[region];
  if (regions.some((region) => portOf(region) === undefined))
    throw new Usage(
      `The local cloud runs the zone ${zone} in ${regions[0]} alone: start it with --stage ${stage} --both-regions ${zone}.`,
    );
  const clock = createAwsClock();
  const reached = regions.map((region) => leaseRegion(deployment, { region, endpoint, credentials }, clock));
  return {
    title: `${stage} ${zone}, in the local cloud`,
    regions,
    lease: leaseAccess(reached, setTimeout),
    actor: 'deployer',
    // No alarm of a function is evaluated there.
    health: async (region) => ({ answers: await answersAs(region, url(portOf(region) ?? 0)), alarms: [] }),
    // Tests move the functions' clock.
    async now() {
      const reply = await fetch(`${url(ports.control)}/clock`, {
        signal: AbortSignal.timeout(engineerLimits.awsCallMs),
      })
        .then((response) => response.json())
        .catch(() => undefined);
      const parsed = v.safeParse(Clock, reply);
      return Date.now() + (parsed.success ? parsed.output.ahead_ms : 0);
    },
  };
}
