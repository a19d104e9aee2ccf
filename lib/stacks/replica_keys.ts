// The zone's KMS keys in its second region: replicas of the home's keys, with the same key material and a policy that follows
// from the same rows. What one region sealed, the other opens. Rotation is the primary key's and reaches the replicas by itself.

import { aws_kms as kms, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type KmsKeyName, keyDeletionDays, kmsKeys } from '../../contract/kernel/kms_keys.ts';
import { keyPolicy } from '../derive/key_policy.ts';
import { keyAlias, type ZoneDeployment } from '../derive/names.ts';
import { removalOf } from '../derive/removal.ts';
import type { RegionKeys } from './keys.ts';

export interface ReplicaKeysProps extends StackProps {
  readonly deployment: ZoneDeployment;
  readonly primary: RegionKeys;
}

export class ReplicaKeysStack extends Stack {
  readonly keys: RegionKeys;

  constructor(scope: Construct, id: string, { deployment, primary, ...props }: ReplicaKeysProps) {
    super(scope, id, props);
    const keys: Partial<Record<KmsKeyName, kms.IKey>> = {};
    for (const [name, row] of Object.entries(kmsKeys) as [KmsKeyName, (typeof kmsKeys)[KmsKeyName]][]) {
      const replica = new kms.CfnReplicaKey(this, `key-${name}`, {
        description: `Strongroom ${deployment.stage} ${deployment.zone}: wraps ${row.wraps}`,
        primaryKeyArn: primary[name].keyArn,
        keyPolicy: keyPolicy(deployment, name, this.account, this.partition),
        pendingWindowInDays: keyDeletionDays[deployment.stageConfig.data],
      });
      replica.applyRemovalPolicy(removalOf(deployment));
      new kms.CfnAlias(this, `alias-${name}`, {
        aliasName: keyAlias(deployment, name),
        targetKeyId: replica.attrArn,
      });
      keys[name] = kms.Key.fromKeyArn(this, `${name}-by-arn`, replica.attrArn);
    }
    this.keys = keys as RegionKeys;
  }
}
