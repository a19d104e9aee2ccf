// The relay's bus, queues and bucket, as the templates hold them.

import { describe, expect, test } from 'vitest';
import { queues } from '../../contract/capabilities.ts';
import type { Queue } from '../../contract/kernel/queue.ts';
import { zones as geography } from '../../contract/kernel/zones.ts';
import { account, plain } from './plain.ts';
import { ofType, only, policiesOf, type Resource, removal, synthesized, type Zone } from './templates.ts';

type Properties = Resource['Properties'];

const { zones } = synthesized();
const bucketOf = (zone: Zone): [string, Resource] => only(ofType(zone.relay, 'AWS::S3::Bucket'));

describe('the event bus', () => {
  test('[AUD-4] there is one per zone, of the zone’s name, from which the operator’s own rules take', () => {
    for (const zone of zones) {
      const [, { Properties }] = only(ofType(zone.relay, 'AWS::Events::EventBus'));
      expect(Properties.Name).toBe(`strongroom-${zone.stage}-${zone.zone}`);
    }
  });

  test('[ENC-1] is encrypted under the data key, which its service may use for it alone', () => {
    for (const zone of zones) {
      const [, { Properties }] = only(ofType(zone.relay, 'AWS::Events::EventBus'));
      const key = String(plain(zone, 'relay', Properties.KmsKeyIdentifier));
      expect(key).toMatch(/^keys:keydata\w+\.Arn$/);
      const policy = zone.keys.Resources[key.replace(/^keys:|\.Arn$/g, '')]?.Properties.KeyPolicy.Statement;
      const statement = only<Properties>(policy.filter((each: Properties) => each.Sid === 'Bus'));
      expect(plain(zone, 'keys', statement.Condition.ArnEquals)).toEqual({
        'aws:SourceArn': `arn:aws:events:${geography[zone.zone].home}:${account}:event-bus/${Properties.Name}`,
      });
    }
  });

  test('nobody of another account may publish: it has no policy', () => {
    for (const zone of zones) expect(ofType(zone.relay, 'AWS::Events::EventBusPolicy')).toEqual([]);
  });
});

describe('the bucket of failed stream records', () => {
  test('[ENC-1] is encrypted under the data key', () => {
    for (const zone of zones) {
      const rule = only<Properties>(bucketOf(zone)[1].Properties.BucketEncryption.ServerSideEncryptionConfiguration);
      expect(rule.ServerSideEncryptionByDefault.SSEAlgorithm).toBe('aws:kms');
      expect(plain(zone, 'relay', rule.ServerSideEncryptionByDefault.KMSMasterKeyID)).toMatch(/^keys:keydata\w+\.Arn$/);
    }
  });

  test('is open to nobody outside, and to nobody without TLS', () => {
    for (const zone of zones) {
      const [id, { Properties }] = bucketOf(zone);
      expect(Properties.PublicAccessBlockConfiguration).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      });
      expect(Properties.OwnershipControls).toEqual({ Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] });
      const [, policy] = only(ofType(zone.relay, 'AWS::S3::BucketPolicy'));
      expect(policy.Properties.Bucket).toEqual({ Ref: id });
      expect(only<Properties>(policy.Properties.PolicyDocument.Statement)).toMatchObject({
        Effect: 'Deny',
        Action: 's3:*',
        Principal: { AWS: '*' },
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      });
    }
  });

  test('[BCK-1] keeps replaced versions, lets nothing lie for ever, and outlives a locked stage’s stack', () => {
    for (const zone of zones) {
      const [, bucket] = bucketOf(zone);
      expect(bucket.Properties.VersioningConfiguration).toEqual({ Status: 'Enabled' });
      expect(only<Properties>(bucket.Properties.LifecycleConfiguration.Rules)).toMatchObject({
        Status: 'Enabled',
        ExpirationInDays: 35,
        NoncurrentVersionExpiration: { NoncurrentDays: 1 },
      });
      // A bucket that holds something cannot be deleted: it stays in every stage, and its records expire.
      expect(policiesOf(bucket)).toEqual(['RetainExceptOnCreate', 'Retain']);
      expect(bucket.Properties.BucketName).toBeUndefined();
    }
  });
});

describe('queues', () => {
  const rows = Object.entries<Queue>(queues);
  const nameOf = (zone: Zone, name: string): string => `strongroom-${zone.stage}-${zone.zone}-${name}`;
  const queueOf = (zone: Zone, name: string): [string, Resource] =>
    only(ofType(zone.relay, 'AWS::SQS::Queue').filter(([, each]) => each.Properties.QueueName === nameOf(zone, name)));
  const forEachQueue = (check: (zone: Zone, name: string, row: Queue) => void): void => {
    for (const zone of zones) for (const [name, row] of rows) check(zone, name, row);
  };

  test('[WHK-2] there is one per row with the row’s bounds, and beside it one for its dead letters', () => {
    for (const zone of zones) expect(ofType(zone.relay, 'AWS::SQS::Queue')).toHaveLength(2 * rows.length);
    forEachQueue((zone, name, row) => {
      const [deadId] = queueOf(zone, `${name}-dead-letters`);
      expect(queueOf(zone, name)[1].Properties).toMatchObject({
        VisibilityTimeout: row.visibilityMs / 1000,
        MessageRetentionPeriod: row.retentionDays * 86_400,
        RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': [deadId, 'Arn'] }, maxReceiveCount: row.receives },
      });
    });
  });

  test('[WHK-2] dead letters are kept for the longest time there is, and only the queue’s own may be put there', () => {
    forEachQueue((zone, name) => {
      const { Properties } = queueOf(zone, `${name}-dead-letters`)[1];
      expect(Properties.MessageRetentionPeriod).toBe(14 * 86_400);
      expect(Properties.RedrivePolicy).toBeUndefined();
      expect(plain(zone, 'relay', Properties.RedriveAllowPolicy)).toEqual({
        redrivePermission: 'byQueue',
        sourceQueueArns: [`arn:aws:sqs:${geography[zone.zone].home}:${account}:${nameOf(zone, name)}`],
      });
      expect(queueOf(zone, name)[1].Properties.RedriveAllowPolicy).toEqual({ redrivePermission: 'denyAll' });
    });
  });

  test('[ENC-1] each is encrypted under the data key, and SQS keeps no data key for more than five minutes', () => {
    for (const zone of zones) {
      for (const [, { Properties }] of ofType(zone.relay, 'AWS::SQS::Queue')) {
        expect(plain(zone, 'relay', Properties.KmsMasterKeyId)).toMatch(/^keys:keydata\w+\.Arn$/);
        expect(Properties.KmsDataKeyReusePeriodSeconds).toBeLessThanOrEqual(300);
      }
    }
  });

  test('[NET-3] each refuses whatever does not come by TLS, and its policy allows nobody anything', () => {
    for (const zone of zones) {
      const policies = ofType(zone.relay, 'AWS::SQS::QueuePolicy').map(([, { Properties }]) => Properties);
      for (const [id] of ofType(zone.relay, 'AWS::SQS::Queue')) {
        const policy = only(policies.filter(({ Queues }) => only<Properties>(Queues).Ref === id));
        expect(only<Properties>(policy.PolicyDocument.Statement)).toEqual({
          Sid: 'TlsAlone',
          Effect: 'Deny',
          Principal: { AWS: '*' },
          Action: 'sqs:*',
          Resource: { 'Fn::GetAtt': [id, 'Arn'] },
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        });
      }
    }
  });

  test('[WHK-2] a locked stage’s queues outlive their stack', () => {
    for (const zone of zones) {
      for (const [, queue] of ofType(zone.relay, 'AWS::SQS::Queue')) {
        expect(policiesOf(queue)).toEqual(removal(zone));
      }
    }
  });
});
