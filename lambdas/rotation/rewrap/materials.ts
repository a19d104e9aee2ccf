// The materials of a KMS key, as KMS lists them (API reference of ListKeyRotations, read 2026-11: it names every material
// and when it came; `ALL_KEY_MATERIAL` adds the first, which no rotation brought).

import { ListKeyRotationsCommand } from '@aws-sdk/client-kms';
import type { KmsKeyName } from '../../../contract/kernel/kms_keys.ts';
import { rewrapLimits } from '../../../contract/rotation/limits.ts';
import { Defect } from '../../kernel/domain/refusal.ts';
import type { Config } from '../../kernel/platform/config.ts';
import type { Platform } from '../../kernel/platform/platform.ts';

export interface Material {
  readonly id: string;
  /** When a rotation brought it; null: it is the key's first. */
  readonly rotatedMs: number | null;
}

/** Oldest first. What waits for its rotation is left out: nothing is wrapped under it yet. */
export async function materialsOf(
  { config, kms }: Pick<Platform, 'kms'> & { readonly config: Pick<Config, 'key'> },
  key: KmsKeyName,
): Promise<readonly Material[]> {
  const materials: Material[] = [];
  let from: string | undefined;
  for (let page = 0; page === 0 || from !== undefined; page += 1) {
    if (page === rewrapLimits.rotationPages) throw new Defect('a key has more rotations than there can be');
    const { Rotations = [], NextMarker } = await kms.send(
      new ListKeyRotationsCommand({
        KeyId: config.key(key),
        IncludeKeyMaterial: 'ALL_KEY_MATERIAL',
        Limit: rewrapLimits.rotationsPerPage,
        Marker: from,
      }),
    );
    for (const { KeyMaterialId: id, KeyMaterialState, RotationDate } of Rotations) {
      if (KeyMaterialState?.startsWith('PENDING_')) continue;
      if (id === undefined) throw new Defect('KMS names no material');
      materials.push({ id, rotatedMs: RotationDate?.getTime() ?? null });
    }
    from = NextMarker;
  }
  return materials.sort((a, b) => (a.rotatedMs ?? 0) - (b.rotatedMs ?? 0));
}

/** Whether one material came before another; undefined where one of them is not known. */
export function isOlder(materials: readonly Material[], id: string, than: string): boolean | undefined {
  const at = (wanted: string): number => materials.findIndex((material) => material.id === wanted);
  const [one, other] = [at(id), at(than)];
  return one < 0 || other < 0 ? undefined : one < other;
}
