// The KMS keys that SQS uses in its caller's name: to seal a message that is sent, and to open a message that is received.

import type { Access } from '../endpoint/access.ts';
import { accessesOf } from '../iam/service_side.ts';
import { throughQueue } from '../iam/through.ts';
import type { QueueDefinition } from './definition.ts';

/**
 * The queues under whose keys messages that lie in this one are sealed: SQS does not seal a message again when it moves it
 * to a dead-letter queue (developer guide, "Configure KMS permissions for consumers").
 */
const sealingQueues = (all: readonly QueueDefinition[], { name }: QueueDefinition): readonly QueueDefinition[] =>
  all.filter((each) => each.keyArn !== undefined && (each.name === name || each.redrive?.to === name));

/** The accesses that a receive from the queue needs. */
export const openMessageAccesses = (
  all: readonly QueueDefinition[],
  queue: QueueDefinition,
  region: string,
): readonly Access[] =>
  sealingQueues(all, queue).flatMap(({ keyArn = '', arn }) =>
    accessesOf('openMessage', keyArn, throughQueue(region, arn)),
  );

/** The accesses that a send to the queue needs. */
export const sealMessageAccesses = ({ keyArn, arn }: QueueDefinition, region: string): readonly Access[] =>
  keyArn === undefined ? [] : accessesOf('sealMessage', keyArn, throughQueue(region, arn));
