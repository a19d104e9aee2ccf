// Trust boundary `writer_lease`: says which region of the zone takes writes, and may do nothing else.

import type { WriterLease } from '../../contract/writer/lease.ts';
import { dynamodbClient } from '../kernel/platform/aws.ts';
import { lambdaHandler } from '../kernel/platform/platform.ts';
import { keepLease } from '../writer/keep_lease.ts';

export const handler = lambdaHandler(
  { dynamodb: dynamodbClient },
  (platform) =>
    (_event: unknown, context): Promise<WriterLease | undefined> =>
      keepLease(platform, context.getRemainingTimeInMillis()),
);
