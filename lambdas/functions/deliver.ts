// Trust boundary `deliver`: attempts webhook deliveries.

import { deliver } from '../deliver/deliver.ts';
import { deliverPorts } from '../deliver/ports.ts';
import { dynamodbClient, kmsClient, sqsClient } from '../platform/aws.ts';
import { lambdaPlatform } from '../platform/platform.ts';

export const handler = deliver(
  deliverPorts(lambdaPlatform({ dynamodb: dynamodbClient, kms: kmsClient, sqs: sqsClient })),
);
