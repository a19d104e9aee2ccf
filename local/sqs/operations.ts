// SQS's operations by name, on the queues of one region. Closed: one that is not here is refused.

import * as v from 'valibot';
import { AwsError } from '../endpoint/error.ts';
import { accountOf, type QueueDefinition } from './definition.ts';
import { noQueue, shaped } from './fault.ts';
import type { Queues } from './queues.ts';
import {
  changeMessageVisibility,
  changeMessageVisibilityBatch,
  deleteMessage,
  deleteMessageBatch,
  receiveMessage,
} from './receiving.ts';
import { sendMessage, sendMessageBatch } from './sending.ts';

const Aimed = v.looseObject({ QueueUrl: v.string() });
const GetAttributes = v.strictObject({ QueueUrl: v.string(), AttributeNames: v.optional(v.array(v.string()), []) });

/** The queue to which a call's URL leads, whatever its host: `http://…/<account>/<name>`. */
export const definitionOf = (queues: Queues, input: unknown): QueueDefinition => {
  const [, account, name = ''] = /^https?:\/\/[^/]+\/(\d{12})\/([\w-]+)$/.exec(shaped(Aimed, input).QueueUrl) ?? [];
  if (!queues.has(name) || account !== accountOf(queues.definition(name))) throw noQueue();
  return queues.definition(name);
};

const getQueueAttributes = (queues: Queues, name: string, input: unknown): object => {
  const { AttributeNames } = shaped(GetAttributes, input);
  const definition = queues.definition(name);
  const { ready, inFlight, delayed } = queues.counts(name);
  const { redrive } = definition;
  const all = Object.entries({
    QueueArn: definition.arn,
    ApproximateNumberOfMessages: String(ready),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    VisibilityTimeout: String(definition.visibilityMs / 1000),
    MessageRetentionPeriod: String(definition.retentionMs / 1000),
    ReceiveMessageWaitTimeSeconds: String(definition.waitMs / 1000),
    ...(definition.keyArn !== undefined && { KmsMasterKeyId: definition.keyArn }),
    ...(redrive !== undefined && {
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: queues.definition(redrive.to).arn,
        maxReceiveCount: redrive.receives,
      }),
    }),
  });
  const asked = AttributeNames.includes('All') ? all : all.filter(([attribute]) => AttributeNames.includes(attribute));
  return { Attributes: Object.fromEntries(asked) };
};

type Run = (queues: Queues, name: string, input: unknown, trace?: string) => object;

const operations: ReadonlyMap<string, Run> = new Map<string, Run>([
  ['SendMessage', sendMessage],
  ['SendMessageBatch', sendMessageBatch],
  ['ReceiveMessage', receiveMessage],
  ['DeleteMessage', deleteMessage],
  ['DeleteMessageBatch', deleteMessageBatch],
  ['ChangeMessageVisibility', changeMessageVisibility],
  ['ChangeMessageVisibilityBatch', changeMessageVisibilityBatch],
  ['GetQueueAttributes', getQueueAttributes],
]);

const runOf = (operation: string): Run => {
  const run = operations.get(operation);
  if (run !== undefined) return run;
  throw new AwsError('UnsupportedOperation', `sqs: the operation ${operation} is not run locally.`);
};

/** A batch needs the permission of what it is made of; there is none of its own. */
export const actionOf = (operation: string): string => {
  runOf(operation);
  return `sqs:${operation.replace(/Batch$/, '')}`;
};

/** Whole and at once. `trace`: the caller's tracing header. Throws an AwsError under SQS's name. */
export const callQueues = (queues: Queues, operation: string, input: unknown, trace?: string): object =>
  runOf(operation)(queues, definitionOf(queues, input).name, input, trace);
