// Trust boundary `rotator`: adds new versions to platform secrets, and retires those that nothing stored names any more.

import { dynamodbClient, secretsManagerClient } from '../kernel/platform/aws.ts';
import { lambdaHandler } from '../kernel/platform/platform.ts';
import { rotator } from '../rotation/secrets/rotator.ts';

export const handler = lambdaHandler({ dynamodb: dynamodbClient, secretsManager: secretsManagerClient }, rotator);
