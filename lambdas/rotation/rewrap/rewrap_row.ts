// One data key, from older material to the key's newest, inside KMS: its plaintext never comes here. KMS itself says which
// material the row was under; where that is the older one the row takes the new wrapping, and any reader opens either.

import { IncorrectKeyException, InvalidCiphertextException, ReEncryptCommand } from '@aws-sdk/client-kms';
import { encryptionContext } from '../../kernel/crypto/keyring.ts';
import { Defect } from '../../kernel/domain/refusal.ts';
import type { Platform } from '../../kernel/platform/platform.ts';
import { dataKeyItem } from '../../kernel/store/data_keys.ts';
import { type Counted, countRow, type RewrapRun, rewrappedMs } from '../domain/rewrap.ts';
import { replaceWrapped, type WrappedKey } from '../store/wrapped_keys.ts';

export type RewrapPlatform = Pick<
  Platform,
  'clock' | 'config' | 'dynamodb' | 'kms' | 'log' | 'random' | 'sleep' | 'writer'
>;

/** Whether a material is older than the run's. */
export type IsOlder = (material: string) => Promise<boolean>;

export async function rewrapRow(
  platform: RewrapPlatform,
  run: RewrapRun,
  row: WrappedKey,
  isOlder: IsOlder,
): Promise<Counted> {
  const context = encryptionContext(platform.config.zone, row.id);
  try {
    const { CiphertextBlob, SourceKeyMaterialId } = await platform.kms.send(
      new ReEncryptCommand({
        CiphertextBlob: row.wrapped,
        SourceKeyId: run.key_arn,
        SourceEncryptionContext: context,
        DestinationKeyId: run.key_arn,
        DestinationEncryptionContext: context,
      }),
    );
    if (CiphertextBlob === undefined) throw new Defect('KMS answered without a ciphertext');
    if (SourceKeyMaterialId === undefined) throw new Defect('KMS names no material');
    if (!(await isOlder(SourceKeyMaterialId))) return countRow(run, row, 'newer');
    // Where another was faster the row is as new as ours: it was older when it was read, and the next pass asks again.
    await replaceWrapped(platform, row, CiphertextBlob, rewrappedMs(run, row, platform.clock()));
    return countRow(run, row, 'older');
  } catch (error) {
    if (!(error instanceof InvalidCiphertextException || error instanceof IncorrectKeyException)) throw error;
    // It opens for nobody, and must not hold up the others; the run cannot be certified while it is there.
    const { pk, sk } = dataKeyItem(row.id);
    platform.log('rewrap_failed', { object: `${pk} ${sk}`, defect: error.name });
    return countRow(run, row, 'unreadable');
  }
}
