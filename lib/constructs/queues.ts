// One queue per row of contract/<capability>/queues.ts, and the queue of its dead letters. Both are encrypted under the data
// key and reached by TLS alone; no other queue may put dead letters into it.

import { Duration, aws_iam as iam, type aws_kms as kms, type Stack, aws_sqs as sqs } from 'aws-cdk-lib';
import { type QueueName, queues } from '../../contract/capabilities.ts';
import { cacheLimits } from '../../contract/kernel/limits.ts';
import type { Queue } from '../../contract/kernel/queue.ts';
import { deadLetterQueueName, queueArn, queueName, type ZoneDeployment } from '../derive/names.ts';
import { removalOf } from '../derive/removal.ts';

/** SQS reuses a data key for this time before it asks KMS for another: as long as our own code caches one. */
const dataKeyReuse = Duration.millis(cacheLimits.dataKeyMs);
/** The longest retention that SQS has: somebody has to look at what failed. */
const deadLetterRetention = Duration.days(14);

export interface QueuesProps {
  readonly deployment: ZoneDeployment;
  readonly key: kms.IKey;
}

/** URL of each queue. */
export function addQueues(stack: Stack, { deployment, key }: QueuesProps): Readonly<Record<QueueName, string>> {
  const urls: Partial<Record<QueueName, string>> = {};
  for (const [name, row] of Object.entries(queues) as [QueueName, Queue][]) {
    const queue = (id: string, props: sqs.CfnQueueProps): sqs.CfnQueue => {
      const made = new sqs.CfnQueue(stack, id, {
        kmsMasterKeyId: key.keyArn,
        kmsDataKeyReusePeriodSeconds: dataKeyReuse.toSeconds(),
        ...props,
      });
      // Until its delivery is written, a message is the only record of it.
      made.applyRemovalPolicy(removalOf(deployment));
      refusePlaintext(stack, `${id}-policy`, made);
      return made;
    };
    const deadLetters = queue(`${name}-dead-letters`, {
      queueName: deadLetterQueueName(deployment, name),
      messageRetentionPeriod: deadLetterRetention.toSeconds(),
      // By its name: the two refer to each other.
      redriveAllowPolicy: { redrivePermission: 'byQueue', sourceQueueArns: [queueArn(stack, deployment, name)] },
    });
    urls[name] = queue(name, {
      queueName: queueName(deployment, name),
      visibilityTimeout: row.visibilityMs / 1000,
      messageRetentionPeriod: Duration.days(row.retentionDays).toSeconds(),
      redrivePolicy: { deadLetterTargetArn: deadLetters.attrArn, maxReceiveCount: row.receives },
      redriveAllowPolicy: { redrivePermission: 'denyAll' },
    }).ref;
  }
  return urls as Record<QueueName, string>;
}

/** It allows nobody anything: the roles of this account say who may use a queue. */
function refusePlaintext(stack: Stack, id: string, queue: sqs.CfnQueue): void {
  new sqs.CfnQueuePolicy(stack, id, {
    queues: [queue.ref],
    policyDocument: new iam.PolicyDocument({
      statements: [
        new iam.PolicyStatement({
          sid: 'TlsAlone',
          effect: iam.Effect.DENY,
          principals: [new iam.AnyPrincipal()],
          actions: ['sqs:*'],
          resources: [queue.attrArn],
          conditions: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      ],
    }),
  });
}
