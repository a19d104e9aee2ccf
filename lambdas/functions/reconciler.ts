// Trust boundary `sweeper`: settles what crashed or stayed unknown, and looks again at what providers told too early.

import type { Context } from 'aws-lambda';
import { dynamodbClient, kmsClient } from '../kernel/platform/aws.ts';
import { lambdaPlatform } from '../kernel/platform/platform.ts';
import { moneyPorts } from '../payments/ports.ts';
import type { Reconciled } from '../payments/reconcile.ts';
import { run } from '../processor_events/reconciler.ts';

const ports = moneyPorts(lambdaPlatform({ dynamodb: dynamodbClient, kms: kmsClient }));

export const handler = (_event: unknown, context: Context): Promise<Reconciled> =>
  run(ports, context.awsRequestId, context.getRemainingTimeInMillis());
