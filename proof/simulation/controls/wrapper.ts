// A control: an idempotency wrapper around the naive handler, as libraries offer it. A record says "in progress" until the
// function's time limit, then keeps the answer; a handler that throws takes its record away. Nothing tells the processor
// that two calls are one.

import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { functions } from '../../../contract/capabilities.ts';
import type { SimulatedProcessor } from '../processor.ts';
import type { ApiCode } from '../product.ts';
import { answerOf, orderOf } from './order.ts';

const TableName = 'payments';

export const wrapper = (processor: SimulatedProcessor): ApiCode => ({
  name: 'money',
  load(process) {
    const { dynamodb, random, clock } = process.platform;
    const processing = processor.reachedFrom(process);
    return async (event) => {
      const order = orderOf(event);
      const Key = { pk: { S: order.id }, sk: { S: 'idempotency' } };
      try {
        await dynamodb.send(
          new PutItemCommand({
            TableName,
            Item: { ...Key, state: { S: 'INPROGRESS' }, until: { N: String(clock() + functions.money.timeoutMs) } },
            ConditionExpression: 'attribute_not_exists(pk) OR (#state = :running AND #until < :now)',
            ExpressionAttributeNames: { '#state': 'state', '#until': 'until' },
            ExpressionAttributeValues: { ':running': { S: 'INPROGRESS' }, ':now': { N: String(clock()) } },
          }),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        const { Item } = await dynamodb.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
        return Item?.body?.S === undefined
          ? answerOf(503, { code: 'in_progress' })
          : answerOf(201, JSON.parse(Item.body.S));
      }
      const fact = await processing.send(order, Buffer.from(random(12)).toString('hex'), 10_000);
      if (fact.kind === 'unknown' || fact.kind === 'not_charged') {
        await dynamodb.send(new DeleteItemCommand({ TableName, Key }));
        return answerOf(502, {});
      }
      const body = { id: order.id, object: 'payment', outcome: fact.kind };
      await dynamodb.send(
        new UpdateItemCommand({
          TableName,
          Key,
          UpdateExpression: 'SET #state = :done, body = :body',
          ExpressionAttributeNames: { '#state': 'state' },
          ExpressionAttributeValues: { ':done': { S: 'COMPLETED' }, ':body': { S: JSON.stringify(body) } },
        }),
      );
      return answerOf(201, body);
    };
  },
});
