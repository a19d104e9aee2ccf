// What the relay fills: the zone's event bus, the queues, and the bucket of records that no function could take. They
// outlive the functions; none of them ever holds an event for merchants, which live in their table.

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
import { addQueues } from '../constructs/queues.ts';
import { busName, failedRecordsBucketName, type ZoneDeployment } from '../derive/names.ts';

export interface RelayProps extends StackProps {
  readonly place: ZoneDeployment;
  readonly key: kms.IKey;
}

/**
 * A failed stream record is mended within days. It holds whole rows, which erasures do not reach: so it is kept no longer than the
 * tables' own copies.
 */
const failedRecordsRetention = { current: Duration.days(35), replaced: Duration.days(1) } as const;

export class RelayStack extends Stack {
  readonly queueUrls: Readonly<Record<QueueName, string>>;

  constructor(scope: Construct, id: string, { place, key, ...props }: RelayProps) {
    super(scope, id, props);
    // No policy: only this account's roles publish, and its own rules take from it.
    new events.CfnEventBus(this, 'bus', {
      name: busName(place),
      description: `Strongroom ${place.stage} ${place.zone}: ids of what happened, for the operator's own rules`,
      kmsKeyIdentifier: key.keyArn,
    });

    this.queueUrls = addQueues(this, { place, key });

    new s3.Bucket(this, 'failed-stream-records', {
      bucketName: failedRecordsBucketName(place, this.account),
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
          expiration: failedRecordsRetention.current,
          noncurrentVersionExpiration: failedRecordsRetention.replaced,
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
      removalPolicy: place.stageConfig.data === 'locked' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }
}
