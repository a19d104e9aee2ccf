// Trust boundary `reconciler`: settles what crashed or stayed unknown, and retries the events that came too early.

import { dynamodbClient, kmsClient } from '../kernel/platform/aws.ts';
import { lambdaHandler } from '../kernel/platform/platform.ts';
import { writerOf } from '../kernel/store/writer.ts';
import { moneyPorts } from '../payments/ports.ts';
import type { Reconciled } from '../payments/reconcile.ts';
import { runReconciler } from '../processor_events/reconciler.ts';

export const handler = lambdaHandler({ dynamodb: dynamodbClient, kms: kmsClient, writer: writerOf }, (platform) => {
  const ports = moneyPorts(platform);
  return (_event: unknown, context): Promise<Reconciled> =>
    runReconciler(ports, context.awsRequestId, context.getRemainingTimeInMillis());
});
