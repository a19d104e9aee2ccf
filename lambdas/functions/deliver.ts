// Trust boundary `deliver`: attempts webhook deliveries.

import { dynamodbClient, kmsClient, sqsClient } from '../kernel/platform/aws.ts';
import { lambdaHandler } from '../kernel/platform/platform.ts';
import { writerOf } from '../kernel/store/writer.ts';
import { deliver } from '../webhooks/delivery/deliver.ts';
import { deliverPorts } from '../webhooks/delivery/ports.ts';

export const handler = lambdaHandler(
  { dynamodb: dynamodbClient, kms: kmsClient, sqs: sqsClient, writer: writerOf },
  (platform) => deliver(deliverPorts(platform)),
);
