// Which IAM actions a call to KMS asks for, on which keys (Service Authorization Reference, AWS KMS, read 2026-11). Closed:
// an operation that is not listed is refused, because the permissions that it needs are unknown.

import type { Access } from '../endpoint/access.ts';
import { unknownOperation } from '../endpoint/service.ts';
import { encryptionContextKey } from '../iam/condition_keys.ts';

export type EncryptionContext = Readonly<Record<string, string>>;

/** A key that a call names, by its ARN, and the context in which. */
export interface KeyUse {
  readonly keyArn: string;
  readonly context: EncryptionContext;
}

/** `source` is the only one of every call but ReEncrypt, which opens with one and seals with the other. */
export interface KeyUses {
  readonly source: KeyUse;
  readonly destination?: KeyUse;
}

const actions: Readonly<Record<string, string>> = {
  GenerateDataKey: 'kms:GenerateDataKey',
  GenerateDataKeyWithoutPlaintext: 'kms:GenerateDataKeyWithoutPlaintext',
  Encrypt: 'kms:Encrypt',
  Decrypt: 'kms:Decrypt',
  DescribeKey: 'kms:DescribeKey',
  ReEncrypt: 'kms:ReEncryptFrom',
  ListKeyRotations: 'kms:ListKeyRotations',
  RotateKeyOnDemand: 'kms:RotateKeyOnDemand',
};

const access = (action: string, { keyArn, context }: KeyUse, more: Record<string, readonly string[]>): Access => {
  const conditionKeys = { ...more };
  for (const [name, value] of Object.entries(context)) conditionKeys[encryptionContextKey(name)] = [value];
  if (Object.keys(context).length > 0) conditionKeys['kms:EncryptionContextKeys'] = Object.keys(context);
  return { action, resource: keyArn, conditionKeys };
};

export const kmsAccesses = (operation: string, { source, destination }: KeyUses): readonly Access[] => {
  const action = actions[operation];
  if (action === undefined) throw unknownOperation('kms', operation);
  if (destination === undefined) return [access(action, source, {})];
  const sameKey = { 'kms:ReEncryptOnSameKey': [String(source.keyArn === destination.keyArn)] };
  return [access(action, source, sameKey), access('kms:ReEncryptTo', destination, sameKey)];
};
