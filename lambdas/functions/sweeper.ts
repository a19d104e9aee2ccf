// Trust boundary `sweeper`: settles what crashed or stayed unknown, and looks again at what providers told too early.

import type { Context } from 'aws-lambda';
import { moneyPorts } from '../money/ports.ts';
import type { Swept } from '../money/sweep.ts';
import { dynamodbClient, kmsClient } from '../platform/aws.ts';
import { lambdaPlatform } from '../platform/platform.ts';
import { run } from '../sweeper/run.ts';

const ports = moneyPorts(lambdaPlatform({ dynamodb: dynamodbClient, kms: kmsClient }));

export const handler = (_event: unknown, context: Context): Promise<Swept> =>
  run(ports, context.awsRequestId, context.getRemainingTimeInMillis());
