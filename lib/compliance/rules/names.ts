// The zone's names in Route 53: each leads to the API of its own region, and the zone's address to the second region only while the
// canary there gets no answer of the home.

import { isDeepStrictEqual } from 'node:util';
import { alarmName, secondOf, type ZoneDeployment } from '../../derive/names.ts';
import { regionAlarmName } from '../../derive/region_alarms.ts';
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
          p.HealthCheckId === (expected.failover === 'PRIMARY' ? 'names/home-answers.HealthCheckId' : undefined),
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
      'The health of the home is what the second region’s canary says, and stays as it was where that one is silent.',
    check: ({ p: { HealthCheckConfig: check } }, { deployment }) => {
      const second = secondOf(deployment);
      return [
        ...unless(check?.Type === 'CLOUDWATCH_METRIC', `it is a check of the type ${check?.Type}`),
        ...unless(
          second !== undefined &&
            isDeepStrictEqual(check?.AlarmIdentifier, {
              Name: alarmName(second, regionAlarmName),
              Region: second.region,
            }),
          'it follows another alarm',
        ),
        ...unless(check?.InsufficientDataHealthStatus === 'LastKnownStatus', 'silence moves the address'),
        ...unless(check?.Disabled !== true && check?.Inverted !== true, 'it is turned off, or around'),
      ];
    },
  },
];
