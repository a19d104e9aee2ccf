// What Lambda needs of a function's role for a queue mapping: to take messages from the queue, and to open their key.

import type { FunctionDefinition } from '../lambda/function.ts';
import { type QueueDefinition, sealedFor } from '../sqs/definition.ts';
import { type Access, type Authority, roleActor } from './authorize.ts';
import { sessionArn } from './principals.ts';
import { accessesOf } from './service_side.ts';
import { throughQueue } from './through.ts';

/** What SQS does in the name of whoever receives from the queue. */
export const openingMessages = (
  all: readonly QueueDefinition[],
  queue: QueueDefinition,
  region: string,
): readonly Access[] =>
  sealedFor(all, queue).flatMap(({ keyArn = '', arn }) => accessesOf('openMessage', keyArn, throughQueue(region, arn)));

export const mayPoll = (
  authority: Authority,
  { roleArn, name, region }: Pick<FunctionDefinition, 'roleArn' | 'name' | 'region'>,
  queue: QueueDefinition,
  all: readonly QueueDefinition[],
): boolean =>
  authority.permits(region, roleActor(roleArn, sessionArn(roleArn, name), region), [
    ...accessesOf('pollQueue', queue.arn),
    ...openingMessages(all, queue, region),
  ]);
