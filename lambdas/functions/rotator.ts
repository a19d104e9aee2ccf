// Trust boundary `rotator`: adds new versions to platform secrets, and retires those that nothing stored names any more.

import { dynamodbClient, secretsManagerClient } from '../platform/aws.ts';
import { lambdaPlatform } from '../platform/platform.ts';
import { rotator } from '../rotator/rotator.ts';

export const handler = rotator(lambdaPlatform({ dynamodb: dynamodbClient, secretsManager: secretsManagerClient }));
