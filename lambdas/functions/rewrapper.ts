// Trust boundary `rewrapper`: wraps data keys again after a rotation of what wraps them, and can open none.

import { dynamodbClient, kmsClient } from '../kernel/platform/aws.ts';
import { lambdaHandler } from '../kernel/platform/platform.ts';
import { writerOf } from '../kernel/store/writer.ts';
import { type Rewrapped, rewrap } from '../rotation/rewrap/rewrap.ts';

export const handler = lambdaHandler(
  { dynamodb: dynamodbClient, kms: kmsClient, writer: writerOf },
  (platform) =>
    (_event: unknown, context): Promise<Rewrapped[]> =>
      rewrap(platform, context.awsRequestId, context.getRemainingTimeInMillis()),
);
