// The environment variables of functions: written by lib/, read by lambdas/platform/config.ts alone, named here once.

import type { KmsKeyName, PlatformSecretName } from './keys.ts';
import type { TableName } from './tables.ts';

export const variables = {
  stage: 'STRONGROOM_STAGE',
  zone: 'STRONGROOM_ZONE',
  /** The writer's epoch: rises with each take-over of the zone by another region. */
  epoch: 'STRONGROOM_EPOCH',
  /** JSON object: zone -> base URL of its API. */
  baseUrls: 'STRONGROOM_BASE_URLS',
  /** Base URL of the test mode's processor. Only functions with egress have it. */
  testProcessorUrl: 'STRONGROOM_TEST_PROCESSOR_URL',
  table: (name: TableName): string => `STRONGROOM_TABLE_${name.toUpperCase()}`,
  /** ARN of a KMS key. */
  key: (name: KmsKeyName): string => `STRONGROOM_KEY_${name.toUpperCase()}`,
  /** ARN of a Secrets Manager secret. */
  secret: (name: PlatformSecretName): string => `STRONGROOM_SECRET_${name.toUpperCase()}`,
} as const;
