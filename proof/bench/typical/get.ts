// Reads one payment. Another tenant's does not exist.

import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { audited } from './audit.ts';
import { callerOf } from './caller.ts';
import { shown } from './payment.ts';
import { pipeline } from './pipeline.ts';
import { problem } from './problem.ts';
import { loadPayment } from './store.ts';

async function getPayment(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const { tenant, mode, scopes } = callerOf(event);
  if (!scopes.includes('payments:read')) throw problem(403, 'scope_missing');
  const payment = await loadPayment(event.pathParameters?.payment_id ?? '');
  if (payment?.tenant !== tenant || payment.mode !== mode) throw problem(404, 'payment_not_found');
  return {
    statusCode: 200,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(shown(payment)),
  };
}

export const handler = pipeline('payments/get').use(audited('payments/get')).handler(getPayment);
