// The zone's names in Route 53, which is no region's own: its address leads to the home, and to the second region while the canary
// there gets no answer of the home, or the second region is the writer. Route 53 can't speak TLS 1.3, so its health checks follow
// alarms on what that canary says.

import { aws_route53 as route53, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { alarmName, type ZoneDeployment } from '../derive/names.ts';
import { regionAlarmNames } from '../derive/region_alarms.ts';
import { apiHost, regionHost } from '../derive/urls.ts';
import type { ApiStack } from './api.ts';
import type { WatchStack } from './watch.ts';

export interface NamedRegion {
  readonly deployment: ZoneDeployment;
  readonly api: ApiStack;
  readonly watch: WatchStack;
}

export interface NamesProps extends StackProps {
  readonly domain: string;
  readonly hostedZoneId: string;
  readonly home: NamedRegion;
  readonly second: NamedRegion | undefined;
}

export class NamesStack extends Stack {
  constructor(scope: Construct, id: string, { domain, hostedZoneId, home, second, ...props }: NamesProps) {
    super(scope, id, props);
    const { zone } = home.deployment;
    const record = (name: string, host: string, { api }: NamedRegion, more: Partial<route53.CfnRecordSetProps> = {}) =>
      new route53.CfnRecordSet(this, name, {
        hostedZoneId,
        name: `${host}.`,
        type: 'A',
        ...(api.addresses[host] && {
          aliasTarget: {
            dnsName: api.addresses[host].target,
            hostedZoneId: api.addresses[host].hostedZoneId,
            // The health of the home is asked of the canary alone.
            evaluateTargetHealth: false,
          },
        }),
        ...more,
      });
    if (second === undefined) {
      record('api', apiHost(zone, domain), home);
      return;
    }
    const follows = (name: string, alarm: string, whereSilent: 'LastKnownStatus' | 'Healthy') =>
      new route53.CfnHealthCheck(this, name, {
        healthCheckConfig: {
          type: 'CLOUDWATCH_METRIC',
          alarmIdentifier: { name: alarmName(second.deployment, alarm), region: second.deployment.region },
          insufficientDataHealthStatus: whereSilent,
        },
      });
    const both = [
      // Where the second region sees nothing any more, it is that one which fails.
      follows('home-answers', regionAlarmNames.unreachable, 'LastKnownStatus'),
      // And then it is not the writer for long: the home takes the lease, and the address must not stay behind.
      follows('home-writes', regionAlarmNames.secondWrites, 'Healthy'),
    ];
    const leads = new route53.CfnHealthCheck(this, 'home-leads', {
      healthCheckConfig: {
        type: 'CALCULATED',
        childHealthChecks: both.map(({ attrHealthCheckId }) => attrHealthCheckId),
        healthThreshold: both.length,
      },
    });
    const failover = (which: 'PRIMARY' | 'SECONDARY') => ({ failover: which, setIdentifier: which.toLowerCase() });
    record('api', apiHost(zone, domain), home, {
      ...failover('PRIMARY'),
      healthCheckId: leads.attrHealthCheckId,
    });
    record('api-second', apiHost(zone, domain), second, failover('SECONDARY'));
    for (const region of [home, second]) {
      const name = region.deployment.region;
      record(`api-${name}`, regionHost(zone, name, domain), region);
    }
    // Route 53 refuses a health check of an alarm that is not there.
    this.addStackDependency(second.watch);
  }
}
