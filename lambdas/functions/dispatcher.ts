// Trust boundary `dispatcher`: puts webhook deliveries into the queue when they fall due.

import { dynamodbClient, sqsClient } from '../kernel/platform/aws.ts';
import { lambdaHandler } from '../kernel/platform/platform.ts';
import { writerOf } from '../kernel/store/writer.ts';
import { type Dispatched, dispatch } from '../webhooks/delivery/dispatch.ts';

export const handler = lambdaHandler(
  { dynamodb: dynamodbClient, sqs: sqsClient, writer: writerOf },
  (platform) =>
    (_event: unknown, context): Promise<Dispatched> =>
      dispatch(platform, context.getRemainingTimeInMillis()),
);
