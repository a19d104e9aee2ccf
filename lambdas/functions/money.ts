// Trust boundary `money`: moves money.

import { serve } from '../kernel/http/serve.ts';
import { dynamodbClient, kmsClient, secretsManagerClient } from '../kernel/platform/aws.ts';
import { lambdaHandler } from '../kernel/platform/platform.ts';
import { writerOf } from '../kernel/store/writer.ts';
import { cancelPayment } from '../payments/handlers/payments/cancel.ts';
import { capturePayment } from '../payments/handlers/payments/capture.ts';
import { confirmPayment } from '../payments/handlers/payments/confirm.ts';
import { createPayment } from '../payments/handlers/payments/create.ts';
import { refundPayment } from '../payments/handlers/payments/refund.ts';
import { updatePayment } from '../payments/handlers/payments/update.ts';
import { voidPayment } from '../payments/handlers/payments/void.ts';
import { moneyPorts } from '../payments/ports.ts';

export const routes = [
  createPayment,
  updatePayment,
  confirmPayment,
  cancelPayment,
  capturePayment,
  refundPayment,
  voidPayment,
];

export const handler = lambdaHandler(
  { dynamodb: dynamodbClient, kms: kmsClient, secretsManager: secretsManagerClient, writer: writerOf },
  (platform) => serve(moneyPorts(platform), routes),
);
