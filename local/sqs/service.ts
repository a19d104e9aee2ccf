// SQS for one region: its operations (JSON protocol) on the zone's queues. Every call is asked for on its queue; sending and
// receiving also for the key that seals the queue's messages, which SQS uses in its caller's name.

import type { Call, Service } from '../endpoint/service.ts';
import type { Access } from '../iam/authorize.ts';
import { openingMessages } from '../iam/polling_queues.ts';
import { accessesOf } from '../iam/service_side.ts';
import { throughQueue } from '../iam/through.ts';
import { actionOf, definitionOf } from './operations.ts';
import type { QueueStore } from './store.ts';

export const createSqs = ({ queues, call }: QueueStore): Service => ({
  targets: ['AmazonSQS'],
  accesses({ operation, input, region }: Call): readonly Access[] {
    const action = actionOf(operation);
    const queue = definitionOf(queues, input);
    const seals = action === 'sqs:SendMessage' && queue.keyArn !== undefined;
    return [
      { action, resource: queue.arn, conditionKeys: {} },
      ...(seals ? accessesOf('sealMessage', queue.keyArn, throughQueue(region, queue.arn)) : []),
      ...(action === 'sqs:ReceiveMessage' ? openingMessages(queues.definitions, queue, region) : []),
    ];
  },
  async answer({ operation, input }) {
    const output = await call(operation, input);
    return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: JSON.stringify(output) };
  },
});
