// Trust boundary `sweeper`: settles what crashed or stayed unknown, and looks again at what providers told too early.

import { dynamodbClient, kmsClient } from '../kernel/platform/aws.ts';
import { lambdaHandler } from '../kernel/platform/platform.ts';
import { moneyPorts } from '../payments/ports.ts';
import type { Reconciled } from '../payments/reconcile.ts';
import { run } from '../processor_events/reconciler.ts';

export const handler = lambdaHandler({ dynamodb: dynamodbClient, kms: kmsClient }, (platform) => {
  const ports = moneyPorts(platform);
  return (_event: unknown, context): Promise<Reconciled> =>
    run(ports, context.awsRequestId, context.getRemainingTimeInMillis());
});
