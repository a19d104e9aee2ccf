// Trust boundary `dispatcher`: puts webhook deliveries into the queue when they fall due.

import type { Context } from 'aws-lambda';
import { type Dispatched, dispatch } from '../deliver/dispatch.ts';
import { dynamodbClient, sqsClient } from '../platform/aws.ts';
import { lambdaPlatform } from '../platform/platform.ts';

const platform = lambdaPlatform({ dynamodb: dynamodbClient, sqs: sqsClient });

export const handler = (_event: unknown, context: Context): Promise<Dispatched> =>
  dispatch(platform, context.getRemainingTimeInMillis());
