// The condition keys of a KMS call that a service makes in its caller's name (AWS KMS developer guide, "kms:ViaService"),
// with the encryption context that each service documents for itself.

import type { ConditionKeys } from '../endpoint/access.ts';
import { encryptionContextKey } from './condition_keys.ts';

export const through = (
  service: string,
  region: string,
  context: Readonly<Record<string, string>> = {},
): ConditionKeys => {
  const pairs = Object.entries(context);
  return {
    'kms:ViaService': [`${service}.${region}.amazonaws.com`],
    ...Object.fromEntries(pairs.map(([name, value]) => [encryptionContextKey(name), [value]])),
    ...(pairs.length > 0 && { 'kms:EncryptionContextKeys': pairs.map(([name]) => name) }),
  };
};

/** `subscriberId` is the account. */
export const throughTable = (region: string, account: string, table: string): ConditionKeys =>
  through('dynamodb', region, { 'aws:dynamodb:tableName': table, 'aws:dynamodb:subscriberId': account });

export const throughQueue = (region: string, queueArn: string): ConditionKeys =>
  through('sqs', region, { 'aws:sqs:arn': queueArn });

/** For a grant that a service makes for itself. */
export const grantThrough = (service: string, region: string): ConditionKeys => ({
  ...through(service, region),
  'kms:GrantIsForAWSResource': ['true'],
});
