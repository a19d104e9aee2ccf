// Trust boundary `dispatcher`: puts webhook deliveries into the queue when they fall due.

import type { Context } from 'aws-lambda';
import { dynamodbClient, sqsClient } from '../kernel/platform/aws.ts';
import { lambdaPlatform } from '../kernel/platform/platform.ts';
import { type Dispatched, dispatch } from '../webhooks/delivery/dispatch.ts';

const platform = lambdaPlatform({ dynamodb: dynamodbClient, sqs: sqsClient });

export const handler = (_event: unknown, context: Context): Promise<Dispatched> =>
  dispatch(platform, context.getRemainingTimeInMillis());
