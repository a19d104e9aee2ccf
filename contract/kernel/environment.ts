// The environment variables of functions: written by lib/, read by lambdas/kernel/platform/config.ts alone, named here once.

import type { KmsKeyName, PlatformSecretName } from './kms_keys.ts';

export const variables = {
  stage: 'STRONGROOM_STAGE',
  zone: 'STRONGROOM_ZONE',
  /**
   * How a function knows whether its region takes writes: `lease`, by the table `writer`; `configured`, where it always does, as in
   * a zone with one region; `standby`, where it never does, in a zone whose regions can have no such table.
   */
  writer: 'STRONGROOM_WRITER',
  /** JSON object: zone -> base URL of its API, where the stage has a domain. */
  baseUrls: 'STRONGROOM_BASE_URLS',
  /** Base URL of the test mode's processor, empty where there is none. Only functions that call or name it have it. */
  testProcessorUrl: 'STRONGROOM_TEST_PROCESSOR_URL',
  /** Origin of the zone's other region, empty where there is none. Only the function that looks at it has it. */
  otherRegionUrl: 'STRONGROOM_OTHER_REGION_URL',
  /** Name of the zone's event bus. Only functions that publish have it. */
  bus: 'STRONGROOM_BUS',
  /** JSON object: `<mode>.<rate class>` -> id of its usage plan. Only the function that makes usage keys has it. */
  usagePlans: 'STRONGROOM_USAGE_PLANS',
  /** JSON object: `<method> <path>` -> rate class. The authorizer's alone. */
  rateClasses: 'STRONGROOM_RATE_CLASSES',
  /** What every log line says that it comes from. This and the next two are Powertools' own names. */
  service: 'POWERTOOLS_SERVICE_NAME',
  /** The least level that is logged. */
  logLevel: 'POWERTOOLS_LOG_LEVEL',
  /** Share, 0 to 1, of invocations in which every level is logged. */
  logSampleRate: 'POWERTOOLS_LOGGER_SAMPLE_RATE',
  table: (name: string): string => `STRONGROOM_TABLE_${name.toUpperCase()}`,
  /** URL of an SQS queue. Only functions that send to it have it. */
  queue: (name: string): string => `STRONGROOM_QUEUE_${name.toUpperCase()}`,
  /**
   * The one origin on loopback to which webhooks of test mode may go, for `strongroom listen`. Set by the local cloud
   * alone; in AWS there is none.
   */
  listenOrigin: 'STRONGROOM_LISTEN_ORIGIN',
  /** ARN of a KMS key. */
  key: (name: KmsKeyName): string => `STRONGROOM_KEY_${name.toUpperCase()}`,
  /** ARN of a Secrets Manager secret. */
  secret: (name: PlatformSecretName): string => `STRONGROOM_SECRET_${name.toUpperCase()}`,
} as const;
