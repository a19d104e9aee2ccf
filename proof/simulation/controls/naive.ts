// A control: how one writes it at first. Charges, then saves. It must be seen to charge twice, or the simulation proves
// nothing.

import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { SimulatedProcessor } from '../processor.ts';
import type { ApiCode } from '../product.ts';
import { answerOf, orderOf } from './order.ts';

export const naive = (processor: SimulatedProcessor): ApiCode => ({
  name: 'money',
  load(process) {
    const { dynamodb, random } = process.platform;
    const processing = processor.reachedFrom(process);
    return async (event) => {
      const order = orderOf(event);
      const fact = await processing.send(order, Buffer.from(random(12)).toString('hex'), 10_000);
      if (fact.kind === 'unknown' || fact.kind === 'not_charged') return answerOf(502, {});
      const Item = { pk: { S: order.id }, sk: { S: 'payment' }, outcome: { S: fact.kind } };
      await dynamodb.send(new PutItemCommand({ TableName: 'payments', Item }));
      return answerOf(201, { id: order.id, object: 'payment', outcome: fact.kind });
    };
  },
});
