// One page of the zone's state: which alarms are on, and how each class of operations does against its service level.

import { aws_cloudwatch as cloudwatch, type Stack } from 'aws-cdk-lib';
import { type ServiceLevel, type SloClass, slo } from '../../contract/kernel/slo.ts';
import type { Metric } from '../derive/alarm.ts';
import { dashboardName, type ZoneDeployment } from '../derive/names.ts';
import { sloMetric } from '../derive/slo_alarms.ts';

export interface DashboardProps {
  readonly deployment: ZoneDeployment;
  readonly alarmArns: readonly string[];
}

const width = 12;
const height = 6;

const shown = (metric: Metric): unknown[] => [
  metric.namespace,
  metric.name,
  ...Object.entries(metric.dimensions).flat(),
  { stat: metric.statistic },
];

export function addDashboard(stack: Stack, { deployment, alarmArns }: DashboardProps): void {
  const graph = (
    title: string,
    metrics: readonly Metric[],
    limit?: { readonly label: string; readonly value: number },
  ) => ({
    type: 'metric',
    width,
    height,
    properties: {
      title,
      region: deployment.region,
      period: 300,
      metrics: metrics.map(shown),
      ...(limit && { annotations: { horizontal: [limit] } }),
    },
  });
  const classes = Object.entries(slo) as [SloClass, ServiceLevel][];
  const widgets = [
    { type: 'alarm', width: 2 * width, height, properties: { title: 'Alarms', alarms: alarmArns } },
    ...classes.flatMap(([of, { availability, p99Ms }]) => [
      graph(`${of}: requests and faults (${availability * 100} %)`, [
        sloMetric(of, 'requests', 'Sum'),
        sloMetric(of, 'faults', 'Sum'),
      ]),
      graph(`${of}: p99 in ms`, [sloMetric(of, 'duration', 'p99')], { label: 'service level', value: p99Ms }),
    ]),
  ];
  new cloudwatch.CfnDashboard(stack, 'dashboard', {
    dashboardName: dashboardName(deployment),
    dashboardBody: stack.toJsonString({ widgets }),
  });
}
