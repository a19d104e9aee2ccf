// What statements are written with: the place, the ARNs that only AWS can give, and how the zone's things are named in them.

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
}

export interface Scope {
  readonly stack: Stack;
  readonly place: ZoneDeployment;
  readonly arns: Arns;
}

export const tableArn = ({ stack, place }: Scope, table: TableName): string =>
  stack.formatArn({ service: 'dynamodb', resource: 'table', resourceName: tableName(place, table) });

/** Only where the service asks in the name of its caller. */
export const viaService = ({ place }: Scope, service: string): Record<string, Record<string, string>> => ({
  StringEquals: { 'kms:ViaService': `${service}.${place.region}.amazonaws.com` },
});
