// docs/generated/profiles.md: what a zone of each profile costs while it is idle and what that buys, what a sandbox gives up, and what
// the templates of both say about it.

import type { AssembledStack } from '../lib/cloud_assembly.ts';
import { type IdleLine, idleCost, idleTotal } from '../lib/costs/idle.ts';
import { partOf } from '../lib/costs/parts.ts';
import { unreservedInstances } from '../lib/derive/concurrency.ts';
import { givenUp, newAccountInstances, type ProfileName, profileNames } from '../lib/derive/profile.ts';
import { type Json, listed, ofType, type ZoneTemplates } from '../lib/evidence/template.ts';
import { heading, table } from './markdown.ts';

export interface ProfiledZone {
  readonly templates: ZoneTemplates;
  /** Of all its regions. */
  readonly stacks: readonly AssembledStack[];
}
type Zones = Readonly<Record<ProfileName, ProfiledZone>>;

const money = (dollars: number): string => `$${dollars.toFixed(2)}`;

function costTable(zones: Zones): string {
  const lines = profileNames.map((name) => idleCost(zones[name].stacks));
  const [production = [], sandbox = []] = lines;
  const cost = (line: IdleLine | undefined): string =>
    line === undefined ? '–' : `${money(line.dollars)} (${Math.round(line.count)})`;
  const total = (pick: 'dollars' | 'mostDollars'): string[] => lines.map((of) => money(idleTotal(of)[pick]));
  return table(
    ['part', 'production, $ a month (how many)', 'sandbox', 'what it buys', 'what would make it cheaper'],
    [
      ...production.map((line) => {
        const { buys, cheaper } = partOf(line.price);
        return [line.what, cost(line), cost(sandbox.find(({ price }) => price === line.price)), buys, cheaper];
      }),
      ['**together, in the first month**', ...total('dollars'), '', ''],
      [
        'together, once keys have rotated twice and every metric is written in every hour',
        ...total('mostDollars'),
        '',
        '',
      ],
    ],
  );
}

const sum = (values: readonly number[]): number => values.reduce((before, each) => before + each, 0);
const distinct = (values: readonly Json[]): string => [...new Set(values)].sort((a, b) => a - b).join(', ') || 'none';

const reserved = (zone: ZoneTemplates): number =>
  sum(ofType(zone, 'AWS::Lambda::Function').map(({ p }) => p.ReservedConcurrentExecutions ?? 0));

/** What is read off the templates of one region, in the words of the page. */
const facts: readonly (readonly [what: string, of: (zone: ZoneTemplates) => string | number])[] = [
  [
    'functions in a VPC',
    (zone) => {
      const all = ofType(zone, 'AWS::Lambda::Function');
      return `${all.filter(({ p }) => listed(p.VpcConfig?.SubnetIds).length > 0).length} of ${all.length}`;
    },
  ],
  ['NAT gateways', (zone) => ofType(zone, 'AWS::EC2::NatGateway').length],
  ['endpoints of AWS services', (zone) => ofType(zone, 'AWS::EC2::VPCEndpoint').length],
  ['flow logs', (zone) => ofType(zone, 'AWS::EC2::FlowLog').length],
  ['rules of web ACLs', (zone) => sum(ofType(zone, 'AWS::WAFv2::WebACL').map(({ p }) => listed(p.Rules).length))],
  [
    'requests a second that the ingress takes, and the whole API',
    (zone) =>
      distinct(
        ofType(zone, 'AWS::ApiGateway::Stage').flatMap(({ p }) =>
          listed(p.MethodSettings).map((each) => each.ThrottlingRateLimit),
        ),
      ),
  ],
  ['instances of functions that are reserved', reserved],
  [
    'quota of concurrent executions that the account needs',
    (zone) => (reserved(zone) === 0 ? `${newAccountInstances}, a new account’s` : reserved(zone) + unreservedInstances),
  ],
  [
    'alarms that notify',
    (zone) =>
      ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm']
        .flatMap((type) => ofType(zone, type))
        .filter(({ p }) => listed(p.AlarmActions).length > 0).length,
  ],
  [
    'days for which logs are kept',
    (zone) => distinct(ofType(zone, 'AWS::Logs::LogGroup').map(({ p }) => p.RetentionInDays)),
  ],
  ['customer-managed keys', (zone) => ofType(zone, 'AWS::KMS::Key').length],
  [
    'tables with point-in-time recovery',
    (zone) =>
      ofType(zone, 'AWS::DynamoDB::GlobalTable').filter(({ p }) =>
        listed(p.Replicas).every((each) => each.PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled === true),
      ).length,
  ],
];

export const profilesPage = (zones: Zones): string =>
  [
    heading('Profiles', 'lib/derive/profile.ts, lib/costs and the synthesized templates'),
    'A stage of `strongroom.config.ts` has a `profile`: `production`, or `sandbox` for trying out in an account of one’s own. A sandbox is',
    'for no real data: it cannot be `locked`, and has one zone.\n',
    `## What a zone costs while nobody uses it\n`,
    `By the templates of ${profileNames.map((name) => zones[name].templates.id).join(' and ')} and AWS’s list prices, without the free tier`,
    '(`contract/kernel/prices.ts` names the source of each). `strongroom cost STAGE` shows the same for any stage, and what requests cost.\n',
    costTable(zones),
    '\n## What a sandbox gives up\n',
    'The rules of compliance ask for less there, and for these promises alone; the exceptions that follow are marked in',
    '[exceptions.md](exceptions.md).\n',
    table(
      ['without', 'promises that do not hold, or not whole', 'what is lost', 'what remains'],
      givenUp.map(({ part, promises, loses, remains }) => [part, promises.join(' '), loses, remains]),
    ),
    '\n## What the templates say\n',
    table(
      ['in the templates of a region', ...profileNames],
      facts.map(([what, of]) => [what, ...profileNames.map((name) => String(of(zones[name].templates)))]),
    ),
    '',
  ].join('\n');
