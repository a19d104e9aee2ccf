// Trust boundary `authorizer`: tells who calls.

import { dynamodbClient, secretsManagerClient } from '../kernel/platform/aws.ts';
import { lambdaPlatform } from '../kernel/platform/platform.ts';
import { authorizer } from '../tenants/authorizer.ts';

export const handler = authorizer(lambdaPlatform({ dynamodb: dynamodbClient, secretsManager: secretsManagerClient }));
