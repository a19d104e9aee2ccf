// The zone's names in Route 53: each leads to the API of its own region, and the zone's address to the second region only while the
// canary there gets no answer of the home, or that region is the writer.

import { isDeepStrictEqual } from 'node:util';
import { alarmName, secondOf, type ZoneDeployment } from '../../derive/names.ts';
import { regionAlarmNames } from '../../derive/region_alarms.ts';
import { apiHost, regionHost } from '../../derive/urls.ts';
import { ofOtherRegion } from '../../evidence/plain.ts';
import { type Json, type Rule, unless } from '../rule.ts';

interface Name {
  readonly host: string;
  /** The domain name of API Gateway that it is an alias of. */
  readonly leadsTo: string;
  readonly failover: string | undefined;
}

/** By the record's construct. */
function namesOf(home: ZoneDeployment): Readonly<Record<string, Name>> {
  const { stageConfig, zone, region } = home;
  const second = secondOf(home);
  const domain = stageConfig.domain ?? '';
  const host = apiHost(zone, domain);
  if (second === undefined) return { 'names/api': { host, leadsTo: 'api/domain', failover: undefined } };
  const there = (name: string): string => ofOtherRegion(second.region, name);
  return {
    'names/api': { host, leadsTo: 'api/domain', failover: 'PRIMARY' },
    'names/api-second': { host, leadsTo: there('api/domain'), failover: 'SECONDARY' },
    [`names/api-${region}`]: {
      host: regionHost(zone, region, domain),
      leadsTo: 'api/region-domain',
      failover: undefined,
    },
    [`names/api-${second.region}`]: {
      host: regionHost(zone, second.region, domain),
      leadsTo: there('api/region-domain'),
      failover: undefined,
    },
  };
}

const aliasOf = (leadsTo: string): Json => ({
  DNSName: `${leadsTo}.RegionalDomainName`,
  EvaluateTargetHealth: false,
  HostedZoneId: `${leadsTo}.RegionalHostedZoneId`,
});

/** Health check -> the alarm of the second region that it follows, and what it is where that one is silent. */
const followed: Readonly<Record<string, { readonly alarm: string; readonly whereSilent: string }>> = {
  'names/home-answers': { alarm: regionAlarmNames.unreachable, whereSilent: 'LastKnownStatus' },
  'names/home-writes': { alarm: regionAlarmNames.secondWrites, whereSilent: 'Healthy' },
};

/** The check of the zone's address. */
const bothHold: Json = {
  ChildHealthChecks: Object.keys(followed).map((name) => `${name}.HealthCheckId`),
  HealthThreshold: 2,
  Type: 'CALCULATED',
};

function followsAlarm(name: string, check: Json, second: ZoneDeployment | undefined): string[] {
  const expected = followed[name];
  if (expected === undefined || second === undefined) return ['it is no check of the home'];
  const alarm = { Name: alarmName(second, expected.alarm), Region: second.region };
  return [
    ...unless(check?.Type === 'CLOUDWATCH_METRIC', `it is a check of the type ${check?.Type}`),
    ...unless(isDeepStrictEqual(check?.AlarmIdentifier, alarm), 'it follows another alarm'),
    ...unless(check?.InsufficientDataHealthStatus === expected.whereSilent, 'silence moves the address'),
  ];
}

export const names: readonly Rule[] = [
  {
    id: 'Strongroom-DNS1',
    types: ['AWS::Route53::RecordSet'],
    promises: ['RES-4', 'RES-2'],
    statement: 'A name of the zone leads to the API of its region; the zone’s address fails over from the home alone.',
    check: ({ name, p }, { deployment }) => {
      const expected = namesOf(deployment)[name];
      if (expected === undefined) return [`${p.Name} is no name of the zone`];
      return [
        ...unless(p.HostedZoneId === deployment.zoneConfig.hostedZoneId, `it is in the hosted zone ${p.HostedZoneId}`),
        ...unless(p.Name === `${expected.host}.` && p.Type === 'A', `it is named ${p.Name}`),
        ...unless(isDeepStrictEqual(p.AliasTarget, aliasOf(expected.leadsTo)), 'it leads elsewhere'),
        ...unless(p.Failover === expected.failover, `it is ${p.Failover ?? 'no part'} of a fail-over`),
        ...unless(
          p.HealthCheckId === (expected.failover === 'PRIMARY' ? 'names/home-leads.HealthCheckId' : undefined),
          'its health is asked of another check, or of none',
        ),
      ];
    },
  },
  {
    id: 'Strongroom-DNS2',
    types: ['AWS::Route53::HealthCheck'],
    promises: ['RES-4', 'NET-3'],
    statement:
      'The zone’s address leads to the home while the second region’s canary says that the home answers and writes; silence is no failure of the home.',
    check: ({ name, p: { HealthCheckConfig: check } }, { deployment }) => [
      ...(name === 'names/home-leads'
        ? unless(isDeepStrictEqual(check, bothHold), 'it holds where one of the two checks does not')
        : followsAlarm(name, check, secondOf(deployment))),
      ...unless(check?.Disabled !== true && check?.Inverted !== true, 'it is turned off, or around'),
    ],
  },
];
