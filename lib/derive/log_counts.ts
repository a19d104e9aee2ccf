// Messages that are counted from functions' logs: what goes wrong in work that goes on, and so ends in no error that Lambda
// would count.

import type { FunctionName } from '../../contract/capabilities.ts';
import type { Metric } from './alarms.ts';
import { logGroupName, logMetricsNamespace, type ZoneDeployment } from './names.ts';

/** A message of lambdas/kernel/platform/log.ts in the log of a function that logs it. */
export interface LogCount {
  readonly function: FunctionName;
  readonly message: string;
}

/** A message that two functions log is one metric. */
export const logCounts: readonly LogCount[] = [
  { function: 'authorizer', message: 'authorizer_failed' },
  // Those that read most often, one of each secret.
  { function: 'authorizer', message: 'secret_overdue' },
  { function: 'money', message: 'secret_overdue' },
  { function: 'rewrapper', message: 'rewrap_failed' },
  { function: 'rewrapper', message: 'rewrap_overdue' },
  { function: 'money', message: 'connection_failed' },
  { function: 'reconciler', message: 'connection_failed' },
  { function: 'reconciler', message: 'sweep_item_failed' },
  { function: 'relay', message: 'record_unreadable' },
  { function: 'deliver', message: 'deliver_failed' },
  { function: 'processor_webhooks', message: 'ingress_failed' },
  { function: 'processor_events', message: 'event_failed' },
  { function: 'reconciler', message: 'event_failed' },
  { function: 'processor_events', message: 'event_contradicts' },
  { function: 'reconciler', message: 'event_contradicts' },
  // After days, so it is the sweeper that gives up.
  { function: 'reconciler', message: 'event_unmatched' },
];

/** The log group from which a message is counted. */
export const countedIn = (place: ZoneDeployment, count: LogCount): string => logGroupName(place, count.function);

export const logged = (place: ZoneDeployment, message: string): Metric => ({
  namespace: logMetricsNamespace(place),
  name: message,
  dimensions: {},
  statistic: 'Sum',
});
