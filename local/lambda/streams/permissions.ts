// What Lambda needs of a function's role for a stream mapping: to find and read the stream, to open the table's key, and
// to put failed records into its bucket.

import * as v from 'valibot';
import type { Deployment } from '../../cloudformation/deployment.ts';
import type { KnownTables } from '../../dynamodb/access.ts';
import { type Authority, roleActor } from '../../iam/authorize.ts';
import { sessionArn } from '../../iam/principals.ts';
import { accessesOf } from '../../iam/service_side.ts';
import { through } from '../../iam/through.ts';
import type { FunctionDefinition } from '../function.ts';
import type { StreamMapping } from './mapping.ts';

const Bucket = v.object({
  BucketEncryption: v.optional(
    v.object({
      ServerSideEncryptionConfiguration: v.array(
        v.object({
          ServerSideEncryptionByDefault: v.optional(v.object({ KMSMasterKeyID: v.optional(v.string()) })),
        }),
      ),
    }),
  ),
});

/** ARNs of the customer-managed keys of buckets, by the ARN of the bucket. */
export const bucketKeys = (deployment: Deployment): ReadonlyMap<string, string> =>
  new Map(
    deployment.of('AWS::S3::Bucket').flatMap((bucket): [string, string][] => {
      const [first] = v.parse(Bucket, bucket.properties()).BucketEncryption?.ServerSideEncryptionConfiguration ?? [];
      const key = first?.ServerSideEncryptionByDefault?.KMSMasterKeyID;
      return key === undefined ? [] : [[bucket.physical.attributes.Arn ?? '', key]];
    }),
  );

export interface StreamRights {
  mayRead(): boolean;
  mayStoreFailed(): boolean;
}

export const streamRights = (
  authority: Authority,
  { roleArn, name, region }: Pick<FunctionDefinition, 'roleArn' | 'name' | 'region'>,
  { streamArn, table, bucketArn }: StreamMapping,
  known: { readonly tables: KnownTables; readonly bucketKeys: ReadonlyMap<string, string> },
): StreamRights => {
  const actor = roleActor(roleArn, sessionArn(roleArn, name), region);
  return {
    mayRead: () =>
      authority.permits(region, actor, [
        ...accessesOf('listStreams', streamArn.replace(/[^/]+$/, '*')),
        ...accessesOf('readStream', streamArn),
        ...(known.tables.get(table)?.opening ?? []),
      ]),
    mayStoreFailed() {
      if (bucketArn === undefined) return false;
      const key = known.bucketKeys.get(bucketArn);
      return authority.permits(region, actor, [
        ...accessesOf('findBucket', bucketArn),
        ...accessesOf('keepDiscarded', `${bucketArn}/aws/lambda/`),
        ...(key === undefined
          ? []
          : accessesOf('sealDiscarded', key, through('s3', region, { 'aws:s3:arn': bucketArn }))),
      ]);
    },
  };
};
