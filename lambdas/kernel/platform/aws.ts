// SDK clients with deadlines and bounds. An answer that never came means "unknown": store/commit.ts decides what then.

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { KMSClient } from '@aws-sdk/client-kms';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { awsLimits } from '../../../contract/kernel/limits.ts';
import type { Config } from './config.ts';

/** The SDK's own asks first whether it is a web stream, for which Node loads more code than the rest of the SDK uses. */
async function streamCollector(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Takes nothing: what a call's input and output hold is no line of any log. Without `info` the SDK prepares none. */
const noLogger = { trace() {}, debug() {}, info: undefined as never, warn() {}, error: undefined as never };

export type AwsConfig = Pick<Config, 'region' | 'awsEndpoint'>;

/**
 * Whatever a client would otherwise look for in profiles and files is said here, so that a function is configured by its
 * environment and by nothing that lies about; and looking takes a tenth of a cold start.
 */
export const clientSettings = (config: AwsConfig) => ({
  region: async () => config.region,
  ...(config.awsEndpoint === undefined ? { ignoreConfiguredEndpointUrls: true } : { endpoint: config.awsEndpoint }),
  maxAttempts: awsLimits.attempts,
  requestHandler: {
    connectionTimeout: awsLimits.connectMs,
    requestTimeout: awsLimits.requestMs,
    throwOnRequestTimeout: true,
  },
  streamCollector,
  logger: noLogger,
  /** A client's middlewares are those that it was made with, so they are put in order once. */
  cacheMiddleware: true,
  retryMode: 'standard',
  defaultsMode: 'legacy' as const,
  accountIdEndpointMode: 'preferred' as const,
  authSchemePreference: [],
  useDualstackEndpoint: false,
  useFipsEndpoint: false,
  userAgentAppId: '',
  disableClockSkewCorrection: false,
});

export const dynamodbClient = (config: AwsConfig): DynamoDBClient => new DynamoDBClient(clientSettings(config));
export const eventBridgeClient = (config: AwsConfig): EventBridgeClient =>
  new EventBridgeClient(clientSettings(config));
export const kmsClient = (config: AwsConfig): KMSClient => new KMSClient(clientSettings(config));
export const secretsManagerClient = (config: AwsConfig): SecretsManagerClient =>
  new SecretsManagerClient(clientSettings(config));
export const sqsClient = (config: AwsConfig): SQSClient => new SQSClient(clientSettings(config));
