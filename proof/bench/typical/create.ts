// Creates a payment and charges it: once per Idempotency-Key, whatever is repeated.

import { createHash } from 'node:crypto';
import {
  IdempotencyAlreadyInProgressError,
  IdempotencyConfig,
  IdempotencyValidationError,
  makeIdempotent,
} from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { type Act, actOf } from './audit.ts';
import { CreatePayment, newPayment, type StoredPayment, shown, textsOf } from './payment.ts';
import { pipeline, validated } from './pipeline.ts';
import { config, dynamodb } from './platform.ts';
import { problem } from './problem.ts';
import { charge } from './processor.ts';
import { open, seal } from './sealing.ts';
import { loadPayment, savePayment } from './store.ts';

interface Asked {
  /** Tenant, mode and Idempotency-Key. */
  readonly key: string;
  readonly body: CreatePayment;
}

const idempotency = {
  persistenceStore: new DynamoDBPersistenceLayer({ tableName: config.idempotencyTable, awsSdkV3Client: dynamodb }),
  config: new IdempotencyConfig({
    eventKeyJmesPath: 'key',
    payloadValidationJmesPath: 'body',
    throwOnNoIdempotencyKey: true,
    expiresAfterSeconds: 24 * 3_600,
    hashFunction: 'sha256',
  }),
};

/** The same request always means the same payment and the same key at the processor. */
const idOf = (key: string): string => `pay_${createHash('sha256').update(key).digest('hex').slice(0, 32)}`;

async function beginPayment(asked: Asked, act: Act): Promise<StoredPayment> {
  const { tenant, mode } = act.caller;
  const id = idOf(asked.key);
  const sealedFields = await seal(JSON.stringify(textsOf(asked.body)), tenant, `sealed_fields/${id}`);
  const payment = newPayment(id, tenant, mode, asked.body, sealedFields);
  if (await savePayment(payment, 'payment.created', act)) return payment;
  const found = await loadPayment(payment.id);
  if (found === undefined) throw new Error('A payment that exists was not found');
  return found;
}

async function execute(payment: StoredPayment, act: Act): Promise<StoredPayment> {
  if (payment.status !== 'processing') return payment;
  const outcome = await charge(payment, payment.id);
  if (outcome === null) return payment;
  const settled = { ...payment, ...outcome, version: payment.version + 1 };
  if (await savePayment(settled, `payment.${settled.status}`, act)) return settled;
  return (await loadPayment(payment.id)) ?? payment;
}

/** The reply is kept sealed: what lies in the idempotency table is no plain personal data. */
interface StoredReply {
  readonly reply: Uint8Array;
}

async function createPayment(event: APIGatewayProxyEvent, context: Context): Promise<APIGatewayProxyResult> {
  const act = actOf(event);
  const { tenant, mode, scopes } = act.caller;
  if (!scopes.includes('payments:write')) throw problem(403, 'scope_missing');
  const sent = event.headers['idempotency-key'];
  if (sent === undefined || sent === '' || sent.length > 255) throw problem(400, 'idempotency_required');
  const asked: Asked = { key: `${tenant}#${mode}#${sent}`, body: event.body as unknown as CreatePayment };
  const place = `reply/${asked.key}`;
  let first: string | undefined;
  const once = makeIdempotent(async ({ key, body }: Asked, _context: Context): Promise<StoredReply> => {
    const payment = await execute(await beginPayment({ key, body }, act), act);
    first = JSON.stringify(shown(payment));
    return { reply: await seal(first, tenant, place) };
  }, idempotency);
  try {
    const { reply } = await once(asked, context);
    const body = first ?? (await open(reply, tenant, place));
    return {
      statusCode: 201,
      headers: { 'Content-Type': 'application/json', ...(first === undefined && { 'Idempotent-Replayed': 'true' }) },
      body,
    };
  } catch (error) {
    if (error instanceof IdempotencyValidationError) throw problem(422, 'idempotency_mismatch');
    if (error instanceof IdempotencyAlreadyInProgressError) throw problem(409, 'idempotency_in_progress');
    throw error;
  }
}

export const handler = pipeline('payments/create')
  .use(httpJsonBodyParser())
  .use(validated(CreatePayment))
  .handler(createPayment);
