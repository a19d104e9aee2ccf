// Trust boundary `sweeper`: settles what crashed or stayed unknown.

import type { Context } from 'aws-lambda';
import { moneyPorts } from '../money/ports.ts';
import { type Swept, sweep } from '../money/sweep.ts';
import { dynamodbClient, kmsClient } from '../platform/aws.ts';
import { lambdaPlatform } from '../platform/platform.ts';

const ports = moneyPorts(lambdaPlatform({ dynamodb: dynamodbClient, kms: kmsClient }));

export const handler = (_event: unknown, context: Context): Promise<Swept> =>
  sweep(ports, context.awsRequestId, context.getRemainingTimeInMillis());
