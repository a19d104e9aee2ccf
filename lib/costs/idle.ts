// What synthesized templates cost while nobody sends a request: counted from their resources, priced by contract/kernel/prices.ts.
// What depends on use (storage, traffic, requests) is not in here.

import { backupLimits } from '../../contract/kernel/limits.ts';
import { dollarsFor, hoursPerMonth, type Priced } from '../../contract/kernel/prices.ts';
import { createdResources, type Resource, type Template } from '../template.ts';

export interface DeployedTemplate {
  readonly region: string;
  readonly template: Template;
}

export interface IdleLine {
  readonly price: Priced;
  readonly service: string;
  /** What is counted. */
  readonly what: string;
  readonly count: number;
  /** A month, in the first month. */
  readonly dollars: number;
  /** A month, once keys have been rotated twice and every metric is written to in every hour. */
  readonly mostDollars: number;
}

interface Item {
  readonly service: string;
  readonly price: Priced;
  readonly count: number;
  /** Units of the price that one of what is counted uses in a month. */
  readonly units: number;
  /** Where it can cost more later. */
  readonly mostUnits?: number;
}

interface Rule {
  readonly service: string;
  readonly price: Priced;
  readonly units?: number;
  readonly mostUnits?: number;
  /** How many a resource has; absent: one. */
  readonly count?: (properties: Resource['Properties']) => number;
}

const hourly = { units: hoursPerMonth } as const;
/** Lambda keeps five requests waiting at a queue, 20 seconds each (Lambda developer guide, "Using Lambda with Amazon SQS"; known). */
const queuePollsPerMonth = (5 * hoursPerMonth * 3600) / 20;

interface MetricQuery {
  readonly MetricStat?: { readonly Metric: object; readonly Period: number };
}

/** The periods of the metrics that an alarm reads. */
const periodsOf = ({ Metrics, Period = 60 }: { Metrics?: readonly MetricQuery[]; Period?: number }): number[] =>
  Metrics?.flatMap(({ MetricStat }) => MetricStat?.Period ?? []) ?? [Period];

const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0);

/** Resource type -> what it costs. What isn't here costs nothing while it is idle. */
const rules: Readonly<Record<string, readonly Rule[]>> = {
  'AWS::EC2::NatGateway': [{ service: 'network', price: 'natHour', ...hourly }],
  'AWS::EC2::EIP': [{ service: 'network', price: 'addressHour', ...hourly }],
  'AWS::EC2::VPCEndpoint': [
    {
      service: 'network',
      price: 'endpointHour',
      ...hourly,
      count: ({ VpcEndpointType, SubnetIds }) => (VpcEndpointType === 'Interface' ? lengthOf(SubnetIds) : 0),
    },
  ],
  'AWS::KMS::Key': [{ service: 'keys', price: 'kmsKeyMonth', mostUnits: 3 }],
  'AWS::KMS::ReplicaKey': [{ service: 'keys', price: 'kmsKeyMonth', mostUnits: 3 }],
  'AWS::SecretsManager::Secret': [
    { service: 'secrets', price: 'secretMonth', count: ({ ReplicaRegions }) => 1 + lengthOf(ReplicaRegions) },
  ],
  'AWS::CloudWatch::Alarm': [
    { service: 'alarms', price: 'alarmMetricMonth', count: (p) => periodsOf(p).filter((s) => s >= 60).length },
    { service: 'alarms', price: 'fastAlarmMetricMonth', count: (p) => periodsOf(p).filter((s) => s < 60).length },
  ],
  'AWS::CloudWatch::CompositeAlarm': [{ service: 'alarms', price: 'compositeAlarmMonth' }],
  'AWS::CloudWatch::Dashboard': [{ service: 'dashboards', price: 'dashboardMonth' }],
  'AWS::WAFv2::WebACL': [
    { service: 'web ACL', price: 'webAclMonth' },
    { service: 'web ACL', price: 'wafRuleMonth', count: ({ Rules }) => lengthOf(Rules) },
  ],
  'AWS::Route53::HealthCheck': [{ service: 'DNS', price: 'healthCheckMonth' }],
  'AWS::Route53::HostedZone': [{ service: 'DNS', price: 'hostedZoneMonth' }],
  'AWS::Lambda::EventSourceMapping': [
    {
      service: 'queues',
      price: 'queueCall',
      units: queuePollsPerMonth,
      count: ({ EventSourceArn }) => (JSON.stringify(EventSourceArn ?? '').includes(':sqs:') ? 1 : 0),
    },
  ],
  'AWS::Backup::RestoreTestingSelection': [
    {
      service: 'backups',
      price: 'restoreTest',
      units: backupLimits.restoreTestMonths.length / 12,
      count: ({ ProtectedResourceArns }) => lengthOf(ProtectedResourceArns),
    },
  ],
  'AWS::Scheduler::Schedule': [
    {
      service: 'schedules',
      price: 'lambdaRequest',
      count: ({ ScheduleExpression }) => startsPerMonth(ScheduleExpression),
    },
  ],
};

const minutesOf: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 1440 };

function startsPerMonth(expression: unknown): number {
  const [, every, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(String(expression)) ?? [];
  return every === undefined || unit === undefined
    ? 0
    : (hoursPerMonth * 60) / (Number(every) * (minutesOf[unit] ?? 1));
}

interface Metric {
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: readonly object[];
}

/** A graph's metric is `[namespace, name, dimension, value, …]`, with options behind it. */
function metricsOfDashboard({ DashboardBody }: Resource['Properties']): Metric[] {
  const pieces = DashboardBody['Fn::Join']?.[1] ?? [DashboardBody];
  const body = JSON.parse(pieces.map((piece: unknown) => (typeof piece === 'string' ? piece : '')).join(''));
  return body.widgets
    .flatMap(({ properties }: { properties: { metrics?: readonly unknown[][] } }) => properties.metrics ?? [])
    .map((metric: readonly unknown[]) => {
      const [Namespace, MetricName, ...dimensions] = metric.filter((part): part is string => typeof part === 'string');
      const Dimensions = dimensions.flatMap((Name, at) => (at % 2 === 0 ? [{ Name, Value: dimensions[at + 1] }] : []));
      return { Namespace, MetricName, Dimensions };
    });
}

/** Metrics of our own: those that filters count from logs, and those that an alarm or a dashboard reads. */
function ownMetrics(resources: readonly Resource[]): number {
  const found = resources.flatMap(({ Type, Properties }): Metric[] => {
    if (Type === 'AWS::Logs::MetricFilter')
      return Properties.MetricTransformations.map((each: { MetricNamespace: string; MetricName: string }) => ({
        Namespace: each.MetricNamespace,
        MetricName: each.MetricName,
      }));
    if (Type === 'AWS::CloudWatch::Dashboard') return metricsOfDashboard(Properties);
    if (Type !== 'AWS::CloudWatch::Alarm') return [];
    return [Properties, ...(Properties.Metrics ?? []).map((query: MetricQuery) => query.MetricStat?.Metric ?? {})];
  });
  const ours = found.filter(({ Namespace, MetricName }) => MetricName !== undefined && !Namespace?.startsWith('AWS/'));
  return new Set(
    ours.map(({ Namespace, MetricName, Dimensions = [] }) => JSON.stringify([Namespace, MetricName, Dimensions])),
  ).size;
}

/** Of those, metrics that are written to while nothing is counted, because their filters have a default value. */
const alwaysWritten = (resources: readonly Resource[]): number =>
  ownMetrics(
    resources.filter(
      ({ Type, Properties }) =>
        Type === 'AWS::Logs::MetricFilter' &&
        Properties.MetricTransformations.some((each: { DefaultValue?: number }) => each.DefaultValue !== undefined),
    ),
  );

function itemsOf(resources: readonly Resource[]): Item[] {
  const items = resources.flatMap(({ Type, Properties = {} }) =>
    (rules[Type] ?? []).map(({ units = 1, count, ...rule }) => ({ ...rule, units, count: count?.(Properties) ?? 1 })),
  );
  const metrics = { service: 'metrics', price: 'customMetricMonth', mostUnits: 1 } as const;
  const always = alwaysWritten(resources);
  return [
    ...items,
    { ...metrics, units: 1, count: always },
    { ...metrics, units: 0, count: ownMetrics(resources) - always },
  ];
}

const labels: Partial<Record<Priced, string>> = {
  natHour: 'NAT gateways',
  addressHour: 'public addresses',
  endpointHour: 'interface endpoints, by availability zone',
  kmsKeyMonth: 'KMS keys',
  secretMonth: 'secrets',
  alarmMetricMonth: 'metrics read by alarms',
  fastAlarmMetricMonth: 'metrics read by alarms below a minute',
  compositeAlarmMonth: 'composite alarms',
  customMetricMonth: 'metrics of our own, while written to',
  dashboardMonth: 'dashboards',
  webAclMonth: 'web ACLs',
  wafRuleMonth: 'rules of web ACLs',
  healthCheckMonth: 'health checks',
  hostedZoneMonth: 'hosted zones',
  queueCall: 'queues that Lambda waits at',
  lambdaRequest: 'scheduled invocations',
  restoreTest: 'tables restored as a test each quarter',
};

/** A line for each thing that is paid for, the dearest first. */
export function idleCost(deployed: readonly DeployedTemplate[]): IdleLine[] {
  const lines = new Map<Priced, IdleLine>();
  const regions = [...new Set(deployed.map(({ region }) => region))];
  for (const region of regions) {
    const templates = deployed.filter((each) => each.region === region);
    for (const item of itemsOf(templates.flatMap(({ template }) => createdResources(template)))) {
      const { service, price, count, units, mostUnits = units } = item;
      const before = lines.get(price);
      lines.set(price, {
        price,
        service,
        what: labels[price] ?? price,
        count: (before?.count ?? 0) + count,
        dollars: (before?.dollars ?? 0) + dollarsFor(region, price, count * units),
        mostDollars: (before?.mostDollars ?? 0) + dollarsFor(region, price, count * mostUnits),
      });
    }
  }
  return [...lines.values()].filter(({ count }) => count > 0).sort((a, b) => b.mostDollars - a.mostDollars);
}

export interface IdleTotal {
  readonly dollars: number;
  readonly mostDollars: number;
}

export const idleTotal = (lines: readonly IdleLine[]): IdleTotal => ({
  dollars: lines.reduce((sum, { dollars }) => sum + dollars, 0),
  mostDollars: lines.reduce((sum, { mostDollars }) => sum + mostDollars, 0),
});
