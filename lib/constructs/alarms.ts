// Makes alarms out of lib/derive/alarms.ts. Only what is named there pages: of an alarm of several parts the composite
// does, its parts never.

import { aws_cloudwatch as cloudwatch, Fn, type Stack } from 'aws-cdk-lib';
import type { Alarm, Metric, Part } from '../derive/alarms.ts';
import { alarmName, type ZoneDeployment } from '../derive/names.ts';

export interface AlarmsProps {
  readonly place: ZoneDeployment;
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

/** Every alarm has the long form: one way to read them all. */
const queries = ({ metrics, expression, periodMinutes }: Part): cloudwatch.CfnAlarm.MetricDataQueryProperty[] => [
  ...Object.entries(metrics).map(([id, metric]) => ({
    id,
    metricStat: data(metric, periodMinutes),
    returnData: expression === undefined,
  })),
  ...(expression === undefined ? [] : [{ id: 'measured', expression, returnData: true }]),
];

const describe = ({ name, impact, when }: Alarm): string => `${when}. Impact: ${impact}. See docs/runbooks/${name}.md`;

/** Names of the alarms that page, in the order of the rows. */
export function addAlarms(stack: Stack, { place, alarms, topicArn }: AlarmsProps): cloudwatch.CfnAlarm[] {
  const made: cloudwatch.CfnAlarm[] = [];
  for (const alarm of alarms) {
    const composite = alarm.parts.length > 1;
    const parts = alarm.parts.map((part) => {
      const name = composite ? `${alarm.name}.${part.part}` : alarm.name;
      const one = new cloudwatch.CfnAlarm(stack, name, {
        alarmName: alarmName(place, name),
        alarmDescription: describe(alarm),
        metrics: queries(part),
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
      alarmName: alarmName(place, alarm.name),
      alarmDescription: describe(alarm),
      alarmRule: Fn.join(alarm.combine === 'all' ? ' AND ' : ' OR ', rule),
      alarmActions: [topicArn],
      okActions: [topicArn],
    });
  }
  return made;
}
