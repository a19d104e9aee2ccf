// What policy statements are written with: the stack, the deployment, and the ARNs and ids that only AWS can give.

import type { Stack } from 'aws-cdk-lib';
import type { TableName } from '../../contract/capabilities.ts';
import type { KmsKeyName, PlatformSecretName } from '../../contract/kernel/kms_keys.ts';
import { tableName, type ZoneDeployment } from './names.ts';

/** ARNs that only AWS can give. */
export interface Arns {
  readonly keys: Readonly<Record<KmsKeyName, string>>;
  readonly secrets: Readonly<Record<PlatformSecretName, string>>;
  /** Of every table that streams. */
  readonly streams: Readonly<Record<string, string>>;
  /** Of the bucket of records that no function could process. */
  readonly failedRecords: string;
}

/** By `rateName`. Empty in the stack of functions that are deployed before the API, and so know none. */
export type UsagePlanIds = Readonly<Record<string, string>>;

export interface Scope {
  readonly stack: Stack;
  readonly deployment: ZoneDeployment;
  readonly arns: Arns;
  readonly usagePlanIds: UsagePlanIds;
}

export const tableArn = ({ stack, deployment }: Scope, table: TableName): string =>
  stack.formatArn({ service: 'dynamodb', resource: 'table', resourceName: tableName(deployment, table) });

/** Only where the service asks in the name of its caller. */
export const viaService = ({ deployment }: Scope, service: string): Record<string, Record<string, string>> => ({
  StringEquals: { 'kms:ViaService': `${service}.${deployment.region}.amazonaws.com` },
});

/** Ids of statements have letters and digits alone. */
export const pascal = (words: string): string =>
  words.replace(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_, first: string) => first.toUpperCase());
