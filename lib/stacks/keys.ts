// The KMS keys of a zone in its home region, which outlive every other stack. Nothing here may depend on another stack,
// and a key is never replaced: it is multi-region from the start, because that can never be changed later.

import { Duration, aws_kms as kms, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type KmsKeyName, keyDeletionDays, kmsKeys } from '../../contract/kernel/kms_keys.ts';
import { keyPolicy } from '../derive/key_policy.ts';
import { keyAlias, type ZoneDeployment } from '../derive/names.ts';
import { removalOf } from '../derive/removal.ts';

export interface KeysProps extends StackProps {
  readonly deployment: ZoneDeployment;
}

/** The zone's keys as one of its regions has them. */
export type RegionKeys = Readonly<Record<KmsKeyName, kms.IKey>>;

export const keyArns = (keys: RegionKeys): Readonly<Record<KmsKeyName, string>> =>
  Object.fromEntries(Object.entries(keys).map(([name, { keyArn }]) => [name, keyArn])) as Record<KmsKeyName, string>;

export class KeysStack extends Stack {
  readonly keys: RegionKeys;

  constructor(scope: Construct, id: string, { deployment, ...props }: KeysProps) {
    super(scope, id, props);
    const removalPolicy = removalOf(deployment);

    const keys: Partial<Record<KmsKeyName, kms.IKey>> = {};
    for (const [name, row] of Object.entries(kmsKeys) as [KmsKeyName, (typeof kmsKeys)[KmsKeyName]][]) {
      keys[name] = new kms.Key(this, `key-${name}`, {
        description: `Strongroom ${deployment.stage} ${deployment.zone}: wraps ${row.wraps}`,
        alias: keyAlias(deployment, name),
        multiRegion: true,
        enableKeyRotation: true,
        rotationPeriod: Duration.days(row.rotationDays),
        pendingWindow: Duration.days(keyDeletionDays[deployment.stageConfig.data]),
        policy: keyPolicy(deployment, name, this.account, this.partition),
        removalPolicy,
      });
    }
    this.keys = keys as RegionKeys;
  }
}
