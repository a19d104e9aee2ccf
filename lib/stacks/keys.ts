// The KMS keys and platform secrets of a zone, which outlive every other stack. Nothing here may depend on another stack,
// and a key is never replaced: it is multi-region from the start, because that can never be changed later.

import { Duration, aws_kms as kms, Stack, type StackProps, aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import {
  type KmsKeyName,
  keyDeletionDays,
  kmsKeys,
  type PlatformSecretName,
  platformSecrets,
} from '../../contract/kernel/kms_keys.ts';
import { keyPolicy } from '../derive/key_policy.ts';
import { keyAlias, secretName, type ZoneDeployment } from '../derive/names.ts';
import { removalOf } from '../derive/removal.ts';

/** 256 bits of randomness in 62 different characters. */
const secretChars = 43;

export interface KeysProps extends StackProps {
  readonly deployment: ZoneDeployment;
}

export class KeysStack extends Stack {
  readonly keys: Readonly<Record<KmsKeyName, kms.IKey>>;
  readonly keyArns: Readonly<Record<KmsKeyName, string>>;
  readonly secrets: Readonly<Record<PlatformSecretName, string>>;

  constructor(scope: Construct, id: string, { deployment, ...props }: KeysProps) {
    super(scope, id, props);
    const removalPolicy = removalOf(deployment);

    const keys: Partial<Record<KmsKeyName, kms.IKey>> = {};
    const arns: Partial<Record<KmsKeyName, string>> = {};
    for (const [name, row] of Object.entries(kmsKeys) as [KmsKeyName, (typeof kmsKeys)[KmsKeyName]][]) {
      const key = new kms.Key(this, `key-${name}`, {
        description: `Strongroom ${deployment.stage} ${deployment.zone}: wraps ${row.wraps}`,
        alias: keyAlias(deployment, name),
        multiRegion: true,
        enableKeyRotation: true,
        rotationPeriod: Duration.days(row.rotationDays),
        pendingWindow: Duration.days(keyDeletionDays[deployment.stageConfig.data]),
        policy: keyPolicy(deployment, name, this.account, this.partition),
        removalPolicy,
      });
      keys[name] = key;
      arns[name] = key.keyArn;
    }
    this.keyArns = arns as Record<KmsKeyName, string>;
    this.keys = keys as Record<KmsKeyName, kms.IKey>;

    const secrets: Partial<Record<PlatformSecretName, string>> = {};
    // By its ARN: a secret would otherwise widen the key's policy.
    const sealing = kms.Key.fromKeyArn(this, 'sealing', this.keys.secrets.keyArn);
    for (const [name, row] of Object.entries(platformSecrets) as [PlatformSecretName, { purpose: string }][]) {
      const secret = new secretsmanager.Secret(this, `secret-${name}`, {
        secretName: secretName(deployment, name),
        description: row.purpose,
        encryptionKey: sealing,
        // The form of contract/kernel/kms_keys.ts with its first version. Never to be changed: CloudFormation would draw the
        // secret again and overwrite all of it (lib/compliance/rules/keys.ts holds it).
        generateSecretString: {
          secretStringTemplate: JSON.stringify({ current: '1' }),
          generateStringKey: '1',
          passwordLength: secretChars,
          excludePunctuation: true,
        },
        removalPolicy,
      });
      secrets[name] = secret.secretArn;
    }
    this.secrets = secrets as Record<PlatformSecretName, string>;
  }
}
