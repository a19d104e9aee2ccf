// The platform secrets of a zone, which outlive every stack that uses them. They are made in the home region and copied by
// Secrets Manager into the second one, under that region's key: so the keys of both regions are there before them.

import { Aws, Fn, aws_kms as kms, Stack, type StackProps, aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type PlatformSecretName, platformSecrets } from '../../contract/kernel/kms_keys.ts';
import { secretName, type ZoneDeployment } from '../derive/names.ts';
import { removalOf } from '../derive/removal.ts';
import type { RegionKeys } from './keys.ts';

/** 256 bits of randomness in 62 different characters. */
const secretChars = 43;

export type SecretArns = Readonly<Record<PlatformSecretName, string>>;

export interface SecretsProps extends StackProps {
  readonly deployment: ZoneDeployment;
  readonly keys: RegionKeys;
  /** Absent: the stage runs one region. */
  readonly secondKeys?: RegionKeys | undefined;
}

export class SecretsStack extends Stack {
  readonly arns: SecretArns;

  constructor(scope: Construct, id: string, { deployment, keys, secondKeys, ...props }: SecretsProps) {
    super(scope, id, props);
    const removalPolicy = removalOf(deployment);
    const { otherRegion } = deployment;
    const arns: Partial<Record<PlatformSecretName, string>> = {};
    // By its ARN: a secret would otherwise widen the key's policy.
    const sealing = kms.Key.fromKeyArn(this, 'sealing', keys.secrets.keyArn);
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
      const resource = secret.node.defaultChild as secretsmanager.CfnSecret;
      if (otherRegion !== undefined && secondKeys !== undefined) {
        resource.replicaRegions = [{ region: otherRegion, kmsKeyId: secondKeys.secrets.keyArn }];
      }
      // What AWS calls it: CDK would name it without its last characters to a stack of another region.
      arns[name] = resource.ref;
    }
    this.arns = arns as SecretArns;
  }
}

/**
 * Through `Fn::Sub`: `Fn::Split` takes no output of another stack (cfn-lint E1022, 2026-12-01).
 * A replica's ARN is the primary's with another region (Secrets Manager user guide, "Replicate AWS Secrets Manager secrets
 * across Regions", read 2026-12-01).
 */
export const replicaArns = (arns: SecretArns, { region }: ZoneDeployment): SecretArns =>
  Object.fromEntries(
    Object.entries(arns).map(([name, arn]) => [
      name,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's placeholder
      `arn:${Aws.PARTITION}:secretsmanager:${region}:${Aws.ACCOUNT_ID}:secret:${Fn.select(6, Fn.split(':', Fn.sub('${Arn}', { Arn: arn })))}`,
    ]),
  ) as SecretArns;
