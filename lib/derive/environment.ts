// The environment of a function: the names of what its row grants, and of nothing else, so that a function cannot even name
// what it may not use.

import type { Stack } from 'aws-cdk-lib';
import type { FunctionRow, QueueName, TableName } from '../../contract/capabilities.ts';
import { variables } from '../../contract/kernel/environment.ts';
import type { KmsKeyName } from '../../contract/kernel/kms_keys.ts';
import { busName, tableName } from './names.ts';
import { rateClassesJson } from './rate_classes.ts';
import type { Scope } from './scope.ts';

export interface EnvironmentSource extends Omit<Scope, 'stack'> {
  readonly queueUrls: Readonly<Record<QueueName, string>>;
  readonly baseUrls: string;
  readonly testProcessorUrl: string;
  readonly otherRegionUrl: string;
}

/** Those that it may use, and those whose streams it reads: a record names its table, and the name must mean something. */
const namedTables = ({ tables, trigger }: FunctionRow): TableName[] => [
  ...tables.map(({ table }) => table),
  ...(trigger.kind === 'streams' ? trigger.tables : []),
];

export const environmentOf = (
  stack: Pick<Stack, 'toJsonString'>,
  { deployment, arns, usagePlanIds, queueUrls, baseUrls, testProcessorUrl, otherRegionUrl }: EnvironmentSource,
  row: FunctionRow,
): Record<string, string> => ({
  [variables.stage]: deployment.stage,
  [variables.zone]: deployment.zone,
  [variables.writer]: deployment.otherRegion === undefined ? 'configured' : 'lease',
  [variables.baseUrls]: baseUrls,
  [variables.service]: 'strongroom',
  [variables.logLevel]: 'INFO',
  [variables.logSampleRate]: '0',
  ...(row.trigger.kind === 'authorizer' && { [variables.rateClasses]: rateClassesJson() }),
  ...(row.makesUsageKeys && { [variables.usagePlans]: stack.toJsonString(usagePlanIds) }),
  ...(((row.network === 'egress' && row.callsOtherRegion !== true) || row.namesTestProcessor) && {
    [variables.testProcessorUrl]: testProcessorUrl,
  }),
  ...(row.callsOtherRegion && { [variables.otherRegionUrl]: otherRegionUrl }),
  ...(row.publishes && { [variables.bus]: busName(deployment) }),
  ...Object.fromEntries((row.sends ?? []).map((queue) => [variables.queue(queue), queueUrls[queue]])),
  ...Object.fromEntries(namedTables(row).map((table) => [variables.table(table), tableName(deployment, table)])),
  ...Object.fromEntries((Object.keys(row.keys) as KmsKeyName[]).map((key) => [variables.key(key), arns.keys[key]])),
  ...Object.fromEntries(row.secrets.map((secret) => [variables.secret(secret), arns.secrets[secret]])),
});
