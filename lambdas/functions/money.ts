// Trust boundary `money`: moves money.

import { capturePayment, createPayment, refundPayment, voidPayment } from '../../contract/operations/payments.ts';
import { capturePayment as capturePaymentHandler } from '../handlers/payments/capture.ts';
import { createPayment as createPaymentHandler } from '../handlers/payments/create.ts';
import { refundPayment as refundPaymentHandler } from '../handlers/payments/refund.ts';
import { voidPayment as voidPaymentHandler } from '../handlers/payments/void.ts';
import { route, serve } from '../http/serve.ts';
import { moneyPorts } from '../money/ports.ts';
import { dynamodbClient, kmsClient, secretsManagerClient } from '../platform/aws.ts';
import { lambdaPlatform } from '../platform/platform.ts';

export const routes = [
  route(createPayment, createPaymentHandler),
  route(capturePayment, capturePaymentHandler),
  route(refundPayment, refundPaymentHandler),
  route(voidPayment, voidPaymentHandler),
];

export const handler = serve(
  moneyPorts(lambdaPlatform({ dynamodb: dynamodbClient, kms: kmsClient, secretsManager: secretsManagerClient })),
  routes,
);
