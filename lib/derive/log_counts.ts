// Messages that are counted from functions' logs, as the rows of functions name them. A message that several functions log is
// one metric.

import { type FunctionName, type FunctionRow, functions } from '../../contract/capabilities.ts';
import type { CountedMessage } from '../../contract/kernel/function.ts';
import type { Alarm, Metric } from './alarm.ts';
import { logMetricsNamespace, type ZoneDeployment } from './names.ts';

export interface LogCount {
  readonly function: FunctionName;
  readonly message: CountedMessage;
}

const logCounts: readonly LogCount[] = (Object.entries(functions) as [FunctionName, FunctionRow][]).flatMap(
  ([name, { failureAlarm, countedMessages = [] }]) =>
    [...(failureAlarm === undefined ? [] : [failureAlarm.message]), ...countedMessages].map((message) => ({
      function: name,
      message,
    })),
);

/** Those that an alarm reads: a metric that nothing reads costs as much as one that something reads. */
export const countsReadBy = (deployment: ZoneDeployment, alarms: readonly Alarm[]): readonly LogCount[] => {
  const read = alarms.flatMap(({ parts }) => parts.flatMap(({ metrics }) => Object.values(metrics)));
  const namespace = logMetricsNamespace(deployment);
  return logCounts.filter(({ message }) => read.some((each) => each.namespace === namespace && each.name === message));
};

/** Messages whose counts Route 53 reads by itself: it evaluates the metric of an alarm, and not the alarm's state. */
export const followedCounts = (alarms: readonly Alarm[]): ReadonlySet<string> =>
  new Set(
    alarms.flatMap(({ parts }) =>
      parts
        .filter(({ plain }) => plain === true)
        .flatMap(({ metrics }) => Object.values(metrics).map(({ name }) => name)),
    ),
  );

export const messageMetric = (deployment: ZoneDeployment, message: CountedMessage): Metric => ({
  namespace: logMetricsNamespace(deployment),
  name: message,
  dimensions: {},
  statistic: 'Sum',
});
