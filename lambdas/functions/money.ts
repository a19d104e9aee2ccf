// Trust boundary `money`: moves money.

import { capturePayment, createPayment, refundPayment, voidPayment } from '../../contract/operations/payments.ts';
import { capturePayment as capture } from '../handlers/payments/capture.ts';
import { createPayment as create } from '../handlers/payments/create.ts';
import { refundPayment as refund } from '../handlers/payments/refund.ts';
import { voidPayment as cancel } from '../handlers/payments/void.ts';
import { route, serve } from '../http/serve.ts';
import { moneyPorts } from '../money/ports.ts';
import { lambdaPlatform } from '../platform/platform.ts';

export const routes = [
  route(createPayment, create),
  route(capturePayment, capture),
  route(refundPayment, refund),
  route(voidPayment, cancel),
];

export const handler = serve(moneyPorts(lambdaPlatform()), routes);
