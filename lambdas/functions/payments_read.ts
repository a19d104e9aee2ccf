// Trust boundary `payments_read`: answers reads of payments, captures, refunds and voids, and can change nothing.

import { serve } from '../kernel/http/serve.ts';
import { portsOf } from '../kernel/operation/ports.ts';
import { dynamodbClient, kmsClient, secretsManagerClient } from '../kernel/platform/aws.ts';
import { lambdaHandler } from '../kernel/platform/platform.ts';
import { getCapture } from '../payments/handlers/captures/get.ts';
import { listCaptures } from '../payments/handlers/captures/list.ts';
import { getPayment } from '../payments/handlers/payments/get.ts';
import { listPayments } from '../payments/handlers/payments/list.ts';
import { getRefund } from '../payments/handlers/refunds/get.ts';
import { listRefunds } from '../payments/handlers/refunds/list.ts';
import { listAllRefunds } from '../payments/handlers/refunds/list_all.ts';
import { getVoid } from '../payments/handlers/voids/get.ts';
import { listVoids } from '../payments/handlers/voids/list.ts';

export const routes = [
  getPayment,
  listPayments,
  getCapture,
  listCaptures,
  getRefund,
  listRefunds,
  listAllRefunds,
  getVoid,
  listVoids,
];

export const handler = lambdaHandler(
  { dynamodb: dynamodbClient, kms: kmsClient, secretsManager: secretsManagerClient },
  (platform) => serve(portsOf(platform), routes),
);
