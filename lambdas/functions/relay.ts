// Trust boundary `relay`: turns committed facts into events.

import { dynamodbClient, eventBridgeClient, sqsClient } from '../kernel/platform/aws.ts';
import { lambdaHandler } from '../kernel/platform/platform.ts';
import { writerOf } from '../kernel/store/writer.ts';
import { relay } from '../relay/relay.ts';

export const handler = lambdaHandler(
  { dynamodb: dynamodbClient, eventBridge: eventBridgeClient, sqs: sqsClient, writer: writerOf },
  relay,
);
