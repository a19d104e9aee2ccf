// Buckets: private, encrypted under the data key, versioned, bounded in time, and reached by TLS alone.

import { failedRecordLimits as limits } from '../../../contract/relay/limits.ts';
import { isAnybody, refusesPlaintext, statementsOf } from '../policies.ts';
import { keyArn, listed, type Rule, unless } from '../rule.ts';

const blocks = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];

export const buckets: readonly Rule[] = [
  {
    id: 'Strongroom-S31',
    types: ['AWS::S3::Bucket'],
    promises: ['ENC-1', 'RES-2', 'DSR-3'],
    statement: 'A bucket is private, under the data key, versioned, bounded in time, and copied to no other region.',
    check: ({ p, outlives }) => [
      ...blocks.filter((block) => p.PublicAccessBlockConfiguration?.[block] !== true).map((block) => `${block} is off`),
      ...unless(
        listed(p.BucketEncryption?.ServerSideEncryptionConfiguration).some(
          ({ ServerSideEncryptionByDefault: by }) =>
            by?.SSEAlgorithm === 'aws:kms' && by.KMSMasterKeyID === keyArn('data'),
        ),
        'it is not under the data key',
      ),
      ...unless(p.VersioningConfiguration?.Status === 'Enabled', 'overwritten objects are lost'),
      ...unless(
        listed(p.LifecycleConfiguration?.Rules).some(
          (rule) =>
            rule.Status === 'Enabled' &&
            rule.Prefix === undefined &&
            rule.TagFilters === undefined &&
            rule.ExpirationInDays === limits.currentDays &&
            rule.NoncurrentVersionExpiration?.NoncurrentDays === limits.replacedDays,
        ),
        `what is in it does not expire after ${limits.currentDays} days, and ${limits.replacedDays} when replaced`,
      ),
      ...unless(
        listed(p.OwnershipControls?.Rules).every(({ ObjectOwnership }) => ObjectOwnership === 'BucketOwnerEnforced') &&
          p.OwnershipControls !== undefined,
        'other accounts may own its objects',
      ),
      ...unless(p.ReplicationConfiguration === undefined, 'it is copied to another region'),
      // CloudFormation deletes none that holds something.
      ...unless(outlives, 'a deletion of its stack fails once there is something in it'),
    ],
  },
  {
    id: 'Strongroom-S32',
    types: ['AWS::S3::BucketPolicy'],
    promises: ['NET-3', 'ENC-1'],
    statement: 'A bucket refuses whatever does not come by TLS, and is open to nobody.',
    check: ({ p }) => {
      const statements = statementsOf(p.PolicyDocument);
      return [
        ...unless(refusesPlaintext(statements), 'it takes requests without TLS'),
        ...statements
          .filter(({ Effect, Principal }) => Effect !== 'Deny' && isAnybody(Principal))
          .map(({ Sid }) => `${Sid ?? 'a statement'} is open to anybody`),
      ];
    },
  },
];
