// SQS for one region: its operations (JSON protocol) on the zone's queues. Every call needs a permission on its queue; a
// send or a receive also needs permission for the key that seals the queue's messages, which SQS uses in its caller's name.

import type { Access } from '../endpoint/access.ts';
import type { Call, Service } from '../endpoint/service.ts';
import { openMessageAccesses, sealMessageAccesses } from './message_keys.ts';
import { actionOf, definitionOf } from './operations.ts';
import type { QueueStore } from './store.ts';

export const createSqs = ({ queues, call }: QueueStore): Service => ({
  targets: ['AmazonSQS'],
  accesses({ operation, input, region }: Call): readonly Access[] {
    const action = actionOf(operation);
    const queue = definitionOf(queues, input);
    return [
      { action, resource: queue.arn, conditionKeys: {} },
      ...(action === 'sqs:SendMessage' ? sealMessageAccesses(queue, region) : []),
      ...(action === 'sqs:ReceiveMessage' ? openMessageAccesses(queues.definitions, queue, region) : []),
    ];
  },
  async answer({ operation, input, headers }) {
    const trace = headers['x-amzn-trace-id'];
    const output = await call(operation, input, typeof trace === 'string' ? trace : undefined);
    return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: JSON.stringify(output) };
  },
});
