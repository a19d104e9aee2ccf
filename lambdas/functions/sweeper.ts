// Trust boundary `sweeper`: settles what crashed or stayed unknown, and looks again at what providers told too early.

import type { Context } from 'aws-lambda';
import { moneyPorts } from '../money/ports.ts';
import { type Swept, sweep } from '../money/sweep.ts';
import { dynamodbClient, kmsClient } from '../platform/aws.ts';
import { lambdaPlatform } from '../platform/platform.ts';
import { lookAgain } from '../settler/look_again.ts';

const platform = lambdaPlatform({ dynamodb: dynamodbClient, kms: kmsClient });
const ports = moneyPorts(platform);

/** Side by side; what fails in one holds up nothing in the other. */
export const handler = async (_event: unknown, context: Context): Promise<Swept> => {
  const runMs = context.getRemainingTimeInMillis();
  const [swept, looked] = await Promise.allSettled([
    sweep(ports, context.awsRequestId, runMs),
    lookAgain(ports, runMs),
  ]);
  if (looked.status === 'rejected') throw looked.reason;
  if (swept.status === 'rejected') throw swept.reason;
  return swept.value;
};
