// SDK clients with deadlines and bounds. An answer that never came means "unknown": store/commit.ts decides what then.

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { KMSClient } from '@aws-sdk/client-kms';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { awsLimits } from '../../contract/limits.ts';

export const bounds = {
  maxAttempts: awsLimits.attempts,
  requestHandler: {
    connectionTimeout: awsLimits.connectMs,
    requestTimeout: awsLimits.requestMs,
    throwOnRequestTimeout: true,
  },
};

export const dynamodbClient = (): DynamoDBClient => new DynamoDBClient(bounds);
export const eventBridgeClient = (): EventBridgeClient => new EventBridgeClient(bounds);
export const kmsClient = (): KMSClient => new KMSClient(bounds);
export const secretsManagerClient = (): SecretsManagerClient => new SecretsManagerClient(bounds);
