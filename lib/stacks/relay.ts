// The zone's event bus, its queues, and the bucket of stream records that no function could process. They outlive the
// functions; none of them holds an event for merchants, which are in their table.

import {
  Duration,
  aws_events as events,
  type aws_kms as kms,
  RemovalPolicy,
  Stack,
  type StackProps,
  aws_s3 as s3,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { QueueName } from '../../contract/capabilities.ts';
import { failedRecordLimits as limits } from '../../contract/relay/limits.ts';
import { addQueues } from '../constructs/queues.ts';
import { busName, type ZoneDeployment } from '../derive/names.ts';

export interface RelayProps extends StackProps {
  readonly deployment: ZoneDeployment;
  readonly key: kms.IKey;
}

export class RelayStack extends Stack {
  readonly queueUrls: Readonly<Record<QueueName, string>>;
  /** Of the bucket of stream records that no function could process. */
  readonly failedRecordsArn: string;

  constructor(scope: Construct, id: string, { deployment, key, ...props }: RelayProps) {
    super(scope, id, props);
    // No policy: only this account's roles publish to it, and only this account's rules read it.
    new events.CfnEventBus(this, 'bus', {
      name: busName(deployment),
      description: `Strongroom ${deployment.stage} ${deployment.zone}: ids of what happened, for the operator's own rules`,
      kmsKeyIdentifier: key.keyArn,
    });

    this.queueUrls = addQueues(this, { deployment, key });

    // Without a name of its own: when the stack is deleted it stays, in every stage, because CloudFormation deletes no bucket that
    // holds something; its records expire all the same, and the next one must not meet its name (docs/decisions/0033).
    const removalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
    const bucket = new s3.Bucket(this, 'failed-stream-records', {
      encryption: s3.BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      versioned: true,
      lifecycleRules: [
        {
          id: 'expire',
          expiration: Duration.days(limits.currentDays),
          noncurrentVersionExpiration: Duration.days(limits.replacedDays),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
      removalPolicy,
    });
    bucket.policy?.applyRemovalPolicy(removalPolicy);
    this.failedRecordsArn = bucket.bucketArn;
  }
}
