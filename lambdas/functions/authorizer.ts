// Trust boundary `authorizer`: tells who calls.

import { authorizer } from '../http/authorizer.ts';
import { dynamodbClient, secretsManagerClient } from '../platform/aws.ts';
import { lambdaPlatform } from '../platform/platform.ts';

export const handler = authorizer(lambdaPlatform({ dynamodb: dynamodbClient, secretsManager: secretsManagerClient }));
