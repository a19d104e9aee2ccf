// The reference keeps the promises that it is compared under: otherwise it would be cheap because it does less.

import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { beforeAll, expect, it, vi } from 'vitest';
import { createPayment, getPayment } from '../../contract/payments/operations.ts';
import type { MemoryAws } from '../../test/kit/aws/memory.ts';
import { memoryAws } from '../../test/kit/aws/memory.ts';
import { eventOf, type Sent } from '../../test/kit/requests.ts';
import { lambdaContext } from '../../test/kit/runtime/runtime_fixture.ts';
import { openOurs, openTypical } from './contestants.ts';
import { bytesFrom } from './surroundings.ts';
import { overWire } from './wire.ts';

type Handler = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

let aws: MemoryAws;
let create: (sent: Sent) => Promise<APIGatewayProxyResult>;
let get: (sent: Sent) => Promise<APIGatewayProxyResult>;

beforeAll(async () => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  aws = memoryAws({ now: Date.now, random: bytesFrom('aws') });
  await openTypical(
    overWire(async (call) => aws.answer(call)),
    aws,
  );
  const handlers = [(await import('./typical/create.ts')).handler, (await import('./typical/get.ts')).handler];
  const [creates, gets] = handlers as unknown as [Handler, Handler];
  const authorizer = { key: 'k', tenant: 'ten_us_a', mode: 'test', scopes: 'payments:read payments:write' };
  create = (sent) => creates(eventOf(createPayment, { authorizer, ...sent }), { ...lambdaContext });
  get = (sent) => gets(eventOf(getPayment, { authorizer, ...sent }), { ...lambdaContext });
});

const body = { amount: 1999, currency: 'EUR', payment_method: 'pm_test_visa' };
const rows = (TableName: string): number =>
  (aws.database.call('Scan', { TableName }) as { Items: object[] }).Items.length;

it('a repeat gets the first reply, and charges nothing', async () => {
  const first = await create({ key: 'a', body });
  expect([first.statusCode, JSON.parse(first.body).status]).toEqual([201, 'captured']);
  const asked = vi.spyOn(globalThis, 'fetch');
  const again = await create({ key: 'a', body });
  expect(again.body).toBe(first.body);
  expect(again.headers).toHaveProperty('Idempotent-Replayed', 'true');
  expect(asked).not.toHaveBeenCalled();
  expect(JSON.stringify(aws.database.call('Scan', { TableName: 'typical_idempotency' }))).not.toContain('pm_test_visa');
});

it('the same key with another body is refused; so are a body that fits no schema and a key that is missing', async () => {
  await create({ key: 'b', body });
  expect((await create({ key: 'b', body: { ...body, amount: 1 } })).statusCode).toBe(422);
  expect((await create({ key: 'c', body: { ...body, currency: 'eur' } })).statusCode).toBe(400);
  expect((await create({ body })).statusCode).toBe(400);
});

it('every change leaves an audit entry and an event, every read an entry', async () => {
  const before = [rows('typical_audit'), rows('typical_events')];
  const texts = { description: 'For Zoë', metadata: { person: 'Zoë' } };
  const { id } = JSON.parse((await create({ key: 'd', body: { ...body, ...texts } })).body);
  expect([rows('typical_audit'), rows('typical_events')]).toEqual(before.map((count) => count + 2));
  const read = await get({ params: { payment_id: id } });
  expect(read.statusCode).toBe(200);
  expect(JSON.parse(read.body)).toMatchObject(texts);
  for (const table of ['payments', 'audit', 'events', 'idempotency']) {
    const scanned = aws.database.call('Scan', { TableName: `typical_${table}` });
    expect(JSON.stringify(scanned)).not.toContain('Zoë');
  }
  expect(rows('typical_audit')).toBe((before[0] ?? 0) + 3);
});

it('another tenant’s payment does not exist', async () => {
  const { id } = JSON.parse((await create({ key: 'e', body })).body);
  const authorizer = { key: 'k', tenant: 'ten_us_b', mode: 'test', scopes: 'payments:read' };
  expect((await get({ authorizer, params: { payment_id: id } })).statusCode).toBe(404);
});

it('a crash after the charge is carried on with under the same key at the processor', async () => {
  const asked = vi.spyOn(globalThis, 'fetch').mockClear();
  const { id } = JSON.parse((await create({ key: 'f', body })).body);
  const key = (at: number) => new Headers(asked.mock.calls[at]?.[1]?.headers).get('idempotency-key');
  // As a process that died before it settled would leave it.
  aws.database.call('UpdateItem', {
    TableName: 'typical_payments',
    Key: { id: { S: id } },
    UpdateExpression: 'SET #status = :processing, version = :one',
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: { ':processing': { S: 'processing' }, ':one': { N: '1' } },
  });
  const { Items } = aws.database.call('Scan', { TableName: 'typical_idempotency' }) as {
    Items: { id: { S: string } }[];
  };
  for (const { id: key } of Items) {
    aws.database.call('DeleteItem', { TableName: 'typical_idempotency', Key: { id: key } });
  }
  const again = JSON.parse((await create({ key: 'f', body })).body);
  expect([again.id, again.status]).toEqual([id, 'captured']);
  expect(key(1)).toBe(key(0));
});

it('ours is asked over the same wire, and answers', async () => {
  const ours = await openOurs(overWire(async (call) => aws.answer(call)));
  await ours.authorize();
  await ours.get(await ours.create());
});
