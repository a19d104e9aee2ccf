// Trust boundary `lost_updates`: finds writes to payments that the other region replaced.

import { dynamodbClient } from '../kernel/platform/aws.ts';
import { lambdaHandler } from '../kernel/platform/platform.ts';
import { lostUpdates } from '../payments/lost_updates.ts';

export const handler = lambdaHandler({ dynamodb: dynamodbClient }, lostUpdates);
