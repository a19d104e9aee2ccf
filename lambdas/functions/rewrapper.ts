// Trust boundary `rewrapper`: wraps data keys anew after a rotation of what wraps them, and can open none.

import type { Context } from 'aws-lambda';
import { dynamodbClient, kmsClient } from '../kernel/platform/aws.ts';
import { lambdaPlatform } from '../kernel/platform/platform.ts';
import { type Rewrapped, rewrap } from '../rotation/rewrap/rewrap.ts';

const platform = lambdaPlatform({ dynamodb: dynamodbClient, kms: kmsClient });

export const handler = (_event: unknown, context: Context): Promise<Rewrapped[]> =>
  rewrap(platform, context.awsRequestId, context.getRemainingTimeInMillis());
