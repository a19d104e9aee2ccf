// What the reference's templates would make: its tables, its environment, and a key that somebody was given. No part of
// what is measured.

import { createHmac } from 'node:crypto';
import { keyArn, region, secretArn } from '../../../test/kit/aws/environment.ts';
import type { MemoryAws } from '../../../test/kit/aws/memory.ts';

export const environment = (processorUrl: string): Record<string, string> => ({
  AWS_LAMBDA_FUNCTION_NAME: 'payments',
  AWS_REGION: region,
  POWERTOOLS_TRACE_ENABLED: 'false',
  KEYS_TABLE: 'typical_keys',
  PAYMENTS_TABLE: 'typical_payments',
  AUDIT_TABLE: 'typical_audit',
  EVENTS_TABLE: 'typical_events',
  IDEMPOTENCY_TABLE: 'typical_idempotency',
  TENANT_KEY_ARN: keyArn('tenant'),
  PEPPER_SECRET_ARN: secretArn('peppers'),
  PROCESSOR_URL: processorUrl,
});

const attributes = (...names: string[]) => names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' }));
const keys = (partition: string, sort?: string) => [
  { AttributeName: partition, KeyType: 'HASH' },
  ...(sort === undefined ? [] : [{ AttributeName: sort, KeyType: 'RANGE' }]),
];
const index = (name: string) => ({
  IndexName: name,
  KeySchema: keys(`${name}_pk`, `${name}_sk`),
  Projection: { ProjectionType: 'KEYS_ONLY' },
});
const owned = { AttributeDefinitions: attributes('pk', 'sk'), KeySchema: keys('pk', 'sk') };
const single = { AttributeDefinitions: attributes('id'), KeySchema: keys('id') };

const definitions = [
  { TableName: 'typical_keys', ...single },
  { TableName: 'typical_idempotency', ...single },
  { TableName: 'typical_audit', ...owned },
  { TableName: 'typical_events', ...owned },
  {
    TableName: 'typical_payments',
    AttributeDefinitions: attributes('id', 'list_pk', 'list_sk', 'open_pk', 'open_sk'),
    KeySchema: keys('id'),
    GlobalSecondaryIndexes: [index('list'), index('open')],
  },
];

export const keyId = '4kq2zmd7xw3htbn6rvcgy5jesa';
const secret = `${keyId}4kq2zmd7xw3ht`;
export const credential = `sk_${keyId}_${secret}`;

/** Makes the tables and the key in them. */
export function install({ database, answer }: MemoryAws): void {
  for (const definition of definitions) database.call('CreateTable', { BillingMode: 'PAY_PER_REQUEST', ...definition });
  const SecretId = secretArn('peppers');
  const { SecretString } = answer({ service: 'secretsmanager', operation: 'GetSecretValue', input: { SecretId } }) as {
    readonly SecretString: string;
  };
  const secretHmac = createHmac('sha256', SecretString).update(`${keyId}:${secret}`).digest('base64url');
  database.call('PutItem', {
    TableName: 'typical_keys',
    Item: {
      id: { S: keyId },
      tenant: { S: 'ten_us_aaaaaaaaaaaaaaaaaaaaaaaaaa' },
      mode: { S: 'test' },
      name: { S: 'Web shop' },
      scopes: { L: [{ S: 'payments:read' }, { S: 'payments:write' }] },
      status: { S: 'active' },
      expires_at: { NULL: true },
      secret_hmac: { S: secretHmac },
      created_at: { S: '2026-11-01T00:00:00.000Z' },
    },
  });
}
