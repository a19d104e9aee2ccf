// What a function may do with queues: send to those that its row names, and let Lambda read the one that starts it. Every
// queue is named by its whole ARN, and the key is used through SQS alone.

import { aws_iam as iam } from 'aws-cdk-lib';
import type { FunctionRow } from '../../contract/capabilities.ts';
import { queueArn } from './names.ts';
import { type Scope, viaService } from './scope.ts';

/**
 * Lambda reads messages under the function's role, and needs no more than these three: what failed is left to the queue's
 * visibility timeout (SQS developer guide, "Configuring an Amazon SQS queue to trigger an AWS Lambda function", read
 * 2026-11).
 */
const receiving = ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'];

export const queueStatements = (scope: Scope, { trigger, sends = [] }: FunctionRow): iam.PolicyStatement[] => {
  const received = trigger.kind === 'queue' ? [trigger.queue] : [];
  if (received.length + sends.length === 0) return [];
  const statement = (sid: string, actions: string[], queues: typeof sends) =>
    new iam.PolicyStatement({
      sid,
      actions,
      resources: queues.map((queue) => queueArn(scope.stack, scope.deployment, queue)),
    });
  return [
    ...(received.length > 0 ? [statement('TakeMessages', receiving, received)] : []),
    // A batch is allowed by the same action (SQS developer guide, "Amazon SQS API permissions", known, not looked up).
    ...(sends.length > 0 ? [statement('SendMessages', ['sqs:SendMessage'], sends)] : []),
    new iam.PolicyStatement({
      sid: 'DataKeyThroughQueues',
      // A sender needs both: SQS opens a new data key to verify it before using it (SQS developer guide, "Key
      // management", known, not looked up).
      actions: [...(sends.length > 0 ? ['kms:GenerateDataKey'] : []), 'kms:Decrypt'],
      resources: [scope.arns.keys.data],
      conditions: viaService(scope, 'sqs'),
    }),
  ];
};
