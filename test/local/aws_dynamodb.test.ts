import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BatchExecuteStatementCommand,
  BatchWriteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chooseEngine, type Engine, startEngine } from '../../local/dynamodb/engine.ts';
import { createDynamoDb } from '../../local/dynamodb/service.ts';
import type { Access } from '../../local/endpoint/access.ts';
import { createAwsEndpoint } from '../../local/endpoint/server.ts';
import { listen } from '../../local/host/ports.ts';
import { createPrincipals } from '../../local/iam/principals.ts';
import { openState } from '../../local/storage/state.ts';

const principals = createPrincipals();
const asked: Access[] = [];
const { server, open } = createAwsEndpoint({
  principals,
  warn: (text) => console.error(text),
  authorize: (_, access) => void asked.push(access),
});
let engine: Engine;
let client: DynamoDBClient;
let writes = 0;
const TableName = 'payments';
/** As a template would say: its key, and that DynamoDB opens a KMS key for it. */
const opening = { action: 'kms:Decrypt', resource: 'arn:k', conditionKeys: {} };
const tables = new Map([[TableName, { partitionKey: 'pk', indexes: { due: 'due_pk' }, opening: [opening] }]]);
const tableArn = `arn:aws:dynamodb:us-east-1:000000000000:table/${TableName}`;

beforeAll(async () => {
  const state = await openState(mkdtempSync(join(tmpdir(), 'strongroom-aws-')));
  engine = await startEngine('us', 'us-east-1', state, chooseEngine());
  await engine.client.call('DynamoDB_20120810.CreateTable', {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  });
  const onWrite = () => {
    writes += 1;
  };
  open('us-east-1', {
    dynamodb: createDynamoDb({ enginePort: engine.port, account: '000000000000', tables, onWrite }),
  });
  const endpoint = `http://127.0.0.1:${await listen(server, { what: 'the test' })}`;
  const credentials = principals.admit({
    kind: 'function',
    arn: 'arn:f',
    roleArn: '',
    functionArn: 'arn:f',
    region: 'us-east-1',
    inVpc: false,
  });
  client = new DynamoDBClient({ endpoint, region: 'us-east-1', maxAttempts: 1, credentials });
});
afterAll(async () => {
  client.destroy();
  server.closeAllConnections();
  await engine.stop();
});

const item = (pk: string) => ({ pk: { S: pk }, bytes: { B: Buffer.from([0, 255]) } });

test('calls of a real SDK client reach the engine and come back unchanged', async () => {
  await client.send(new PutItemCommand({ TableName, Item: item('a') }));
  const { Item } = await client.send(new GetItemCommand({ TableName, Key: { pk: { S: 'a' } } }));
  expect(Item?.bytes?.B).toEqual(Uint8Array.from([0, 255]));
});

test('errors of the engine keep their names and reasons', async () => {
  const ConditionExpression = 'attribute_not_exists(pk)';
  const again = new PutItemCommand({ TableName, Item: item('a'), ConditionExpression });
  await expect(client.send(again)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
  const TransactItems = [
    { Put: { TableName, Item: item('b') } },
    { Put: { TableName, Item: item('a'), ConditionExpression } },
  ];
  await expect(client.send(new TransactWriteItemsCommand({ TransactItems }))).rejects.toMatchObject({
    name: 'TransactionCanceledException',
    CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }],
  });
});

test('every part of a transaction is authorized as the action that it is', async () => {
  asked.length = 0;
  const TransactItems = [
    { Put: { TableName, Item: item('c') } },
    { ConditionCheck: { TableName, Key: { pk: { S: 'a' } }, ConditionExpression: 'attribute_exists(pk)' } },
  ];
  await client.send(new TransactWriteItemsCommand({ TransactItems }));
  expect(asked.map(({ action, resource }) => [action, resource])).toEqual([
    ['dynamodb:PutItem', tableArn],
    ['kms:Decrypt', 'arn:k'],
    ['dynamodb:ConditionCheckItem', tableArn],
  ]);
  expect(asked[0]?.conditionKeys['dynamodb:EnclosingOperation']).toEqual(['TransactWriteItems']);
});

test('the attributes and the partition that a request touches are its condition keys, through names and expressions', async () => {
  asked.length = 0;
  await client
    .send(
      new UpdateItemCommand({
        TableName,
        Key: { pk: { S: 'a' } },
        UpdateExpression: 'SET #n = if_not_exists(#n, :zero), address.city = :zero REMOVE tags[0]',
        ConditionExpression: 'attribute_exists(pk) AND size(bytes) < :two AND (NOT contains(another, :zero))',
        ExpressionAttributeNames: { '#n': 'count' },
        ExpressionAttributeValues: { ':zero': { S: '' }, ':two': { N: '2' } },
        ReturnValues: 'UPDATED_NEW',
      }),
    )
    .catch(() => {});
  const [update] = asked;
  expect([...(update?.conditionKeys['dynamodb:Attributes'] ?? [])].sort()).toEqual(
    ['address', 'bytes', 'count', 'another', 'pk', 'tags'].sort(),
  );
  expect(update?.conditionKeys['dynamodb:LeadingKeys']).toEqual(['a']);
  expect(update?.conditionKeys['dynamodb:ReturnValues']).toEqual(['UPDATED_NEW']);
  expect(update?.conditionKeys['dynamodb:Select']).toBeUndefined();
});

test('a batch is asked once per table, with all that it touches', async () => {
  asked.length = 0;
  const RequestItems = {
    [TableName]: [{ PutRequest: { Item: item('x') } }, { DeleteRequest: { Key: { pk: { S: 'y' } } } }],
  };
  await client.send(new BatchWriteItemCommand({ RequestItems }));
  expect(asked.map(({ action }) => action)).toEqual(['dynamodb:BatchWriteItem', 'kms:Decrypt']);
  expect(asked[0]?.conditionKeys['dynamodb:LeadingKeys']).toEqual(['x', 'y']);
  expect(asked[0]?.conditionKeys['dynamodb:Attributes']).toEqual(['pk', 'bytes']);
});

test('an insert is asked for as PartiQL’s, and nothing else is known of PartiQL', async () => {
  asked.length = 0;
  const send = (Statement: string) => {
    const Statements = [{ Statement, Parameters: [{ S: 'inserted' }] }];
    return client.send(new BatchExecuteStatementCommand({ Statements }));
  };
  const statement = `INSERT INTO "${TableName}" VALUE {'pk':?}`;
  expect((await send(statement)).Responses).toMatchObject([{ TableName }]);
  expect((await send(statement)).Responses).toMatchObject([{ Error: { Code: 'DuplicateItem' } }]);
  expect([...new Set(asked.map(({ action, resource }) => `${action} ${resource}`))]).toEqual([
    `dynamodb:PartiQLInsert ${tableArn}`,
    'kms:Decrypt arn:k',
  ]);
  expect(asked[0]?.conditionKeys['dynamodb:LeadingKeys']).toEqual(['inserted']);
  expect(asked[0]?.conditionKeys['dynamodb:Attributes']).toEqual(['pk']);
  for (const other of [`DELETE FROM "${TableName}" WHERE pk=?`, `UPDATE "${TableName}" SET x=1 WHERE pk=?`]) {
    await expect(send(other), other).rejects.toMatchObject({ name: 'ValidationException' });
  }
});

test('a query of an index is authorized on the index', async () => {
  asked.length = 0;
  const query = new QueryCommand({
    TableName,
    IndexName: 'due',
    KeyConditionExpression: 'pk = :p',
    ExpressionAttributeValues: { ':p': { S: 'a' } },
  });
  await expect(client.send(query)).rejects.toThrow();
  expect(asked[0]?.resource).toBe(`${tableArn}/index/due`);
  expect(asked[0]?.conditionKeys['dynamodb:LeadingKeys']).toBeUndefined();
  expect(asked[0]?.conditionKeys['dynamodb:Attributes']).toEqual(['pk']);
});

test('an operation whose permissions are unknown is refused', async () => {
  const refused = client.send(new ListTablesCommand({}));
  await expect(refused).rejects.toMatchObject({
    name: 'UnknownOperationException',
    message: expect.stringContaining('ListTables'),
  });
});

test('a write wakes the streams, a read does not', async () => {
  writes = 0;
  await client.send(new GetItemCommand({ TableName, Key: { pk: { S: 'a' } } }));
  expect(writes).toBe(0);
  await client.send(new PutItemCommand({ TableName, Item: item('d') }));
  expect(writes).toBe(1);
});
