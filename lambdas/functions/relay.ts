// Trust boundary `relay`: turns committed facts into events.

import { dynamodbClient, eventBridgeClient, sqsClient } from '../kernel/platform/aws.ts';
import { lambdaPlatform } from '../kernel/platform/platform.ts';
import { relay } from '../relay/relay.ts';

export const handler = relay(
  lambdaPlatform({ dynamodb: dynamodbClient, eventBridge: eventBridgeClient, sqs: sqsClient }),
);
