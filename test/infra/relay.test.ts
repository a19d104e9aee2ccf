// The relay's bus and bucket, as the templates hold them.

import { describe, expect, test } from 'vitest';
import { zones as geography } from '../../contract/zones.ts';
import { account, plain } from './plain.ts';
import { ofType, only, type Resource, synthesized, type Zone } from './templates.ts';

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

  test('[IAM-1] nobody of another account may publish: it has no policy', () => {
    for (const zone of zones) expect(ofType(zone.relay, 'AWS::Events::EventBusPolicy')).toEqual([]);
  });
});

describe('the bucket of poison records', () => {
  test('[ENC-1] is encrypted under the data key', () => {
    for (const zone of zones) {
      const rule = only<Properties>(bucketOf(zone)[1].Properties.BucketEncryption.ServerSideEncryptionConfiguration);
      expect(rule.ServerSideEncryptionByDefault.SSEAlgorithm).toBe('aws:kms');
      expect(plain(zone, 'relay', rule.ServerSideEncryptionByDefault.KMSMasterKeyID)).toMatch(/^keys:keydata\w+\.Arn$/);
    }
  });

  test('[IAM-1] is open to nobody outside, and to nobody without TLS', () => {
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
        ExpirationInDays: 365,
        NoncurrentVersionExpiration: { NoncurrentDays: 30 },
      });
      expect(bucket.DeletionPolicy).toBe(zone.stage === 'production' ? 'Retain' : 'Delete');
    }
  });
});
