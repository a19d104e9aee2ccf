// Trust boundary `authorizer`: finds who calls.

import { dynamodbClient, secretsManagerClient } from '../kernel/platform/aws.ts';
import { lambdaHandler } from '../kernel/platform/platform.ts';
import { writerOf } from '../kernel/store/writer.ts';
import { authorizer } from '../tenants/authorizer.ts';

export const handler = lambdaHandler(
  { dynamodb: dynamodbClient, secretsManager: secretsManagerClient, writer: writerOf },
  authorizer,
);
