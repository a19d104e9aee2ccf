// Makes the alarms of lib/derive/alarms.ts. Of an alarm of several parts the composite notifies the operators, its parts never.

import { aws_cloudwatch as cloudwatch, Fn, type Stack } from 'aws-cdk-lib';
import type { Alarm, AlarmPart, Metric } from '../derive/alarm.ts';
import { alarmName, type ZoneDeployment } from '../derive/names.ts';

export interface AlarmsProps {
  readonly deployment: ZoneDeployment;
  readonly alarms: readonly Alarm[];
  readonly topicArn: string;
}

const minute = 60;

const data = (metric: Metric, periodMinutes: number): cloudwatch.CfnAlarm.MetricStatProperty => ({
  metric: {
    namespace: metric.namespace,
    metricName: metric.name,
    dimensions: Object.entries(metric.dimensions).map(([name, value]) => ({ name, value })),
  },
  period: periodMinutes * minute,
  stat: metric.statistic,
});

/** Every alarm but plain ones has the form with metric queries, so that all are read alike. */
const queries = ({ metrics, expression, periodMinutes }: AlarmPart): cloudwatch.CfnAlarm.MetricDataQueryProperty[] => [
  ...Object.entries(metrics).map(([id, metric]) => ({
    id,
    metricStat: data(metric, periodMinutes),
    returnData: expression === undefined,
  })),
  ...(expression === undefined ? [] : [{ id: 'measured', expression, returnData: true }]),
];

const measured = (part: AlarmPart): Partial<cloudwatch.CfnAlarmProps> => {
  const [metric, ...others] = Object.values(part.metrics);
  if (part.plain !== true) return { metrics: queries(part) };
  if (metric === undefined || others.length > 0)
    throw new Error('lib/constructs/alarms.ts: a plain alarm reads one metric');
  const { metric: named, period, stat } = data(metric, part.periodMinutes);
  const { namespace, metricName, dimensions } = named as cloudwatch.CfnAlarm.MetricProperty;
  return {
    ...(namespace !== undefined && { namespace }),
    ...(metricName !== undefined && { metricName }),
    ...(dimensions !== undefined && { dimensions }),
    period,
    statistic: stat,
  };
};

const describe = ({ name, impact, when }: Alarm): string => `${when}. Impact: ${impact}. See docs/runbooks/${name}.md`;

export function addAlarms(stack: Stack, { deployment, alarms, topicArn }: AlarmsProps): cloudwatch.CfnAlarm[] {
  const made: cloudwatch.CfnAlarm[] = [];
  for (const alarm of alarms) {
    const composite = alarm.parts.length > 1;
    const parts = alarm.parts.map((part) => {
      const name = composite ? `${alarm.name}.${part.part}` : alarm.name;
      const one = new cloudwatch.CfnAlarm(stack, name, {
        alarmName: alarmName(deployment, name),
        alarmDescription: describe(alarm),
        ...measured(part),
        comparisonOperator: part.comparison === 'above' ? 'GreaterThanThreshold' : 'LessThanThreshold',
        threshold: part.threshold,
        evaluationPeriods: part.periods,
        datapointsToAlarm: part.periods,
        treatMissingData: part.treatMissingData,
        ...(composite ? { actionsEnabled: false } : { alarmActions: [topicArn], okActions: [topicArn] }),
      });
      made.push(one);
      return one;
    });
    if (!composite) continue;
    const rule = parts.map((part) => Fn.join('', ['ALARM("', part.attrArn, '")']));
    new cloudwatch.CfnCompositeAlarm(stack, `${alarm.name}-composite`, {
      alarmName: alarmName(deployment, alarm.name),
      alarmDescription: describe(alarm),
      alarmRule: Fn.join(alarm.combine === 'all' ? ' AND ' : ' OR ', rule),
      alarmActions: [topicArn],
      okActions: [topicArn],
    });
  }
  return made;
}
