// Trust boundary `canary`: looks at the other region of the zone, and can change nothing.

import { type Looked, look } from '../canary/look.ts';
import { dynamodbClient } from '../kernel/platform/aws.ts';
import { lambdaHandler } from '../kernel/platform/platform.ts';
import { writerOf } from '../kernel/store/writer.ts';

export const handler = lambdaHandler(
  { dynamodb: dynamodbClient, writer: writerOf },
  (platform) =>
    (_event: unknown): Promise<Looked> =>
      look(platform),
);
