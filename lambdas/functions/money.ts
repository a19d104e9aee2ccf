// Trust boundary `money`: moves money.

import { capturePayment, createPayment, refundPayment, voidPayment } from '../../contract/payments/operations.ts';
import { route, serve } from '../kernel/http/serve.ts';
import { dynamodbClient, kmsClient, secretsManagerClient } from '../kernel/platform/aws.ts';
import { lambdaHandler } from '../kernel/platform/platform.ts';
import { capturePayment as capturePaymentHandler } from '../payments/handlers/payments/capture.ts';
import { createPayment as createPaymentHandler } from '../payments/handlers/payments/create.ts';
import { refundPayment as refundPaymentHandler } from '../payments/handlers/payments/refund.ts';
import { voidPayment as voidPaymentHandler } from '../payments/handlers/payments/void.ts';
import { moneyPorts } from '../payments/ports.ts';

export const routes = [
  route(createPayment, createPaymentHandler),
  route(capturePayment, capturePaymentHandler),
  route(refundPayment, refundPaymentHandler),
  route(voidPayment, voidPaymentHandler),
];

export const handler = lambdaHandler(
  { dynamodb: dynamodbClient, kms: kmsClient, secretsManager: secretsManagerClient },
  (platform) => serve(moneyPorts(platform), routes),
);
