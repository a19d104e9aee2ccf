// What Lambda needs of a function's role for a queue mapping: to receive messages from the queue, and to open their key.

import { type Authority, roleActor } from '../../iam/authorize.ts';
import { sessionArn } from '../../iam/principals.ts';
import { accessesOf } from '../../iam/service_side.ts';
import type { QueueDefinition } from '../../sqs/definition.ts';
import { openMessageAccesses } from '../../sqs/message_keys.ts';
import type { FunctionDefinition } from '../function.ts';

export const mayPoll = (
  authority: Authority,
  { roleArn, name, region }: Pick<FunctionDefinition, 'roleArn' | 'name' | 'region'>,
  queue: QueueDefinition,
  all: readonly QueueDefinition[],
): boolean =>
  authority.permits(region, roleActor(roleArn, sessionArn(roleArn, name), region), [
    ...accessesOf('pollQueue', queue.arn),
    ...openMessageAccesses(all, queue, region),
  ]);
