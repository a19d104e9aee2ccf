// One queue per row of contract/queues.ts, and beside it the queue of its dead letters. Both are encrypted under the data
// key and reached by TLS alone; nothing but the one queue may put dead letters into the other.

import { Duration, aws_iam as iam, type aws_kms as kms, RemovalPolicy, type Stack, aws_sqs as sqs } from 'aws-cdk-lib';
import { type QueueName, queues } from '../../contract/capabilities.ts';
import { cacheLimits } from '../../contract/kernel/limits.ts';
import type { Queue } from '../../contract/kernel/queue.ts';
import { deadLetterQueueName, queueArn, queueName, type ZoneDeployment } from '../derive/names.ts';

/** For so long SQS keeps a data key before it asks KMS for another: as long as our own code keeps one. */
const dataKeyReuse = Duration.millis(cacheLimits.dataKeyMs);
/** The longest that SQS keeps anything: somebody has to look at what failed. */
const deadLettersKept = Duration.days(14);

export interface QueuesProps {
  readonly place: ZoneDeployment;
  readonly key: kms.IKey;
}

/** URL of each queue. */
export function addQueues(stack: Stack, { place, key }: QueuesProps): Readonly<Record<QueueName, string>> {
  const urls: Partial<Record<QueueName, string>> = {};
  for (const [name, row] of Object.entries(queues) as [QueueName, Queue][]) {
    const queue = (id: string, props: sqs.CfnQueueProps): sqs.CfnQueue => {
      const made = new sqs.CfnQueue(stack, id, {
        kmsMasterKeyId: key.keyArn,
        kmsDataKeyReusePeriodSeconds: dataKeyReuse.toSeconds(),
        ...props,
      });
      // A message that no delivery was written for yet is the only one that knows of it.
      made.applyRemovalPolicy(place.stageConfig.data === 'locked' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY);
      refusePlaintext(stack, `${id}-policy`, made);
      return made;
    };
    const deadLetters = queue(`${name}-dead-letters`, {
      queueName: deadLetterQueueName(place, name),
      messageRetentionPeriod: deadLettersKept.toSeconds(),
      // By its name: the two refer to each other.
      redriveAllowPolicy: { redrivePermission: 'byQueue', sourceQueueArns: [queueArn(stack, place, name)] },
    });
    urls[name] = queue(name, {
      queueName: queueName(place, name),
      visibilityTimeout: row.visibilityMs / 1000,
      messageRetentionPeriod: Duration.days(row.retentionDays).toSeconds(),
      redrivePolicy: { deadLetterTargetArn: deadLetters.attrArn, maxReceiveCount: row.receives },
      redriveAllowPolicy: { redrivePermission: 'denyAll' },
    }).ref;
  }
  return urls as Record<QueueName, string>;
}

/** It allows nobody anything: who may use a queue stands in the roles of this account. */
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
