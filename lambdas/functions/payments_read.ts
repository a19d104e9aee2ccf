// Trust boundary `payments_read`: answers reads of payments, captures, refunds and voids, and can change nothing.

import {
  getCapture,
  getPayment,
  getRefund,
  getVoid,
  listCaptures,
  listPayments,
  listRefunds,
  listVoids,
} from '../../contract/payments/operations.ts';
import { readPorts } from '../kernel/http/read_ports.ts';
import { route, serve } from '../kernel/http/serve.ts';
import { dynamodbClient, kmsClient } from '../kernel/platform/aws.ts';
import { lambdaHandler } from '../kernel/platform/platform.ts';
import { getCapture as getCaptureHandler } from '../payments/handlers/captures/get.ts';
import { listCaptures as listCapturesHandler } from '../payments/handlers/captures/list.ts';
import { getPayment as getPaymentHandler } from '../payments/handlers/payments/get.ts';
import { listPayments as listPaymentsHandler } from '../payments/handlers/payments/list.ts';
import { getRefund as getRefundHandler } from '../payments/handlers/refunds/get.ts';
import { listRefunds as listRefundsHandler } from '../payments/handlers/refunds/list.ts';
import { getVoid as getVoidHandler } from '../payments/handlers/voids/get.ts';
import { listVoids as listVoidsHandler } from '../payments/handlers/voids/list.ts';

export const routes = [
  route(getPayment, getPaymentHandler),
  route(listPayments, listPaymentsHandler),
  route(getCapture, getCaptureHandler),
  route(listCaptures, listCapturesHandler),
  route(getRefund, getRefundHandler),
  route(listRefunds, listRefundsHandler),
  route(getVoid, getVoidHandler),
  route(listVoids, listVoidsHandler),
];

export const handler = lambdaHandler({ dynamodb: dynamodbClient, kms: kmsClient }, (platform) =>
  serve(readPorts(platform), routes),
);
