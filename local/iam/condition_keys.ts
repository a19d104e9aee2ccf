// The condition keys that a policy may name here, and whether a request holds one value of each or several. Closed: the
// local cloud gives requests these keys and no others, so a policy that names another one is refused at boot.

import { UserError } from '../host/user_error.ts';

export type KeyLookup = (key: string) => readonly string[] | undefined;

/** Service Authorization Reference and IAM user guide ("AWS global condition context keys"), read 2026-11-21. */
const known: Readonly<Record<string, 'one' | 'several'>> = {
  'aws:PrincipalAccount': 'one',
  'aws:PrincipalArn': 'one',
  'aws:PrincipalIsAWSService': 'one',
  'aws:RequestedRegion': 'one',
  'aws:SecureTransport': 'one',
  'aws:SourceAccount': 'one',
  'aws:SourceArn': 'one',
  'dynamodb:Attributes': 'several',
  'dynamodb:EnclosingOperation': 'one',
  'dynamodb:LeadingKeys': 'several',
  'dynamodb:ReturnConsumedCapacity': 'one',
  'dynamodb:ReturnValues': 'one',
  'dynamodb:Select': 'one',
  // Several by type; EventBridge decides entry by entry, so that a request holds one of each.
  'events:detail-type': 'one',
  'events:source': 'one',
  'kms:CallerAccount': 'one',
  'kms:EncryptionContextKeys': 'several',
  'kms:GrantIsForAWSResource': 'one',
  // Of calls that only a deployment makes, so that no request here has them.
  'kms:PrimaryRegion': 'one',
  'kms:ReEncryptOnSameKey': 'one',
  'kms:ReplicaRegion': 'one',
  'kms:ViaService': 'one',
  'lambda:SourceFunctionArn': 'one',
  'secretsmanager:VersionStage': 'one',
};

const spelling = new Map(Object.keys(known).map((key) => [key.toLowerCase(), key]));

const context = 'kms:EncryptionContext:';

/** Condition keys are case-insensitive, the part of them that names a pair of an encryption context included. */
export const encryptionContextKey = (name: string): string => context + name.toLowerCase();

/** The key as requests spell it. Throws a UserError about an unknown one. */
export const conditionKey = (name: string, where: string): { readonly key: string; readonly several: boolean } => {
  if (name.toLowerCase().startsWith(context.toLowerCase()) && name.length > context.length) {
    return { key: encryptionContextKey(name.slice(context.length)), several: false };
  }
  const key = spelling.get(name.toLowerCase());
  if (key === undefined) {
    throw new UserError(
      `${where}: the condition key ${name} is not evaluated locally.\nGive requests the key (in the folder of the service) and add it to local/iam/condition_keys.ts.`,
    );
  }
  return { key, several: known[key] === 'several' };
};
