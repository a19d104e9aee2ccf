// Messages that are counted from functions' logs, as the rows of functions name them. A message that several functions log is
// one metric.

import { type FunctionName, type FunctionRow, functions } from '../../contract/capabilities.ts';
import type { CountedMessage } from '../../contract/kernel/function.ts';
import type { Metric } from './alarm.ts';
import { logMetricsNamespace, type ZoneDeployment } from './names.ts';

export interface LogCount {
  readonly function: FunctionName;
  readonly message: CountedMessage;
}

export const logCounts: readonly LogCount[] = (Object.entries(functions) as [FunctionName, FunctionRow][]).flatMap(
  ([name, { failureAlarm, countedMessages = [] }]) =>
    [...(failureAlarm === undefined ? [] : [failureAlarm.message]), ...countedMessages].map((message) => ({
      function: name,
      message,
    })),
);

export const messageMetric = (deployment: ZoneDeployment, message: CountedMessage): Metric => ({
  namespace: logMetricsNamespace(deployment),
  name: message,
  dimensions: {},
  statistic: 'Sum',
});
