// What both controls make of a request and answer to it.

import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { Order } from '../../../lambdas/processors/domain/fact.ts';

/** Named after the request's key, so that the ledger shows what belongs together. */
export function orderOf(event: APIGatewayProxyEvent): Order {
  const id = `pay_us_${event.headers['Idempotency-Key']}`;
  const { amount, currency, payment_method, capture_method } = JSON.parse(event.body ?? '{}') as {
    readonly amount: number;
    readonly currency: string;
    readonly payment_method: string;
    readonly capture_method: string;
  };
  const capture = capture_method === 'automatic';
  return {
    kind: 'charge',
    id,
    reference: id,
    amount,
    currency,
    payment_method,
    return_url: null,
    capture,
    charge: null,
  };
}

export const answerOf = (statusCode: number, body: object): APIGatewayProxyResult => ({
  statusCode,
  headers: {},
  body: JSON.stringify(body),
});
