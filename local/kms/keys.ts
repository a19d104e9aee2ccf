// The KMS keys of a zone: those of its templates, with key material that is made once and stored in the state folder. A
// rotation adds material; none is ever removed, so that every ciphertext can still be opened.

import { createHash, randomBytes } from 'node:crypto';
import * as v from 'valibot';
import type { Deployment } from '../cloudformation/deployment.ts';
import type { StateFolder } from '../storage/state.ts';

export interface KeyMaterial {
  /** 32 bytes. */
  readonly bytes: Buffer;
  /** Milliseconds since 1970: when it was made. */
  readonly madeMs: number;
}

export interface KmsKey {
  readonly arn: string;
  readonly id: string;
  readonly aliases: readonly string[];
  /** The oldest first, never empty; the last one seals. */
  readonly materials: readonly KeyMaterial[];
}

export interface KmsKeys {
  readonly all: readonly KmsKey[];
  /** Gives the key new material; resolves when it is stored. */
  rotate(key: KmsKey): Promise<void>;
}

export const newMaterial = (): KeyMaterial => ({ bytes: randomBytes(32), madeMs: Date.now() });

/** As KMS names material: 64 hexadecimal characters that do not reveal it. */
export const materialId = ({ bytes }: KeyMaterial): string =>
  createHash('sha256').update('key material ').update(bytes).digest('hex');

/** `keep` stores all keys after one got new material. */
export const heldKeys = (keys: readonly KmsKey[], keep: (keys: readonly KmsKey[]) => Promise<void>): KmsKeys => {
  const held = keys.map((key) => ({ ...key, materials: [...key.materials] }));
  let last = Promise.resolve();
  return {
    all: held,
    rotate(key) {
      const rotating = async (): Promise<void> => {
        const material = newMaterial();
        await keep(held.map((each) => (each === key ? { ...each, materials: [...each.materials, material] } : each)));
        held.find((each) => each === key)?.materials.push(material);
      };
      // One after the other: each stores the material of the one before it, too.
      last = last.then(rotating, rotating);
      return last;
    },
  };
};

const StoredKeys = v.record(
  v.string(),
  v.pipe(
    v.array(v.object({ material: v.pipe(v.string(), v.base64()), made_at: v.pipe(v.string(), v.isoTimestamp()) })),
    v.minLength(1),
  ),
);
const Alias = v.object({ AliasName: v.string(), TargetKeyId: v.string() });

export const zoneKeys = async (deployment: Deployment, state: StateFolder): Promise<KmsKeys> => {
  const file = `kms-${deployment.zone}.json`;
  const stored = (await state.read(file, StoredKeys)) ?? {};
  const keep = (keys: readonly KmsKey[]): Promise<void> => {
    const made = keys.map(({ arn, materials }) => [
      arn,
      materials.map(({ bytes, madeMs }) => ({
        material: bytes.toString('base64'),
        made_at: new Date(madeMs).toISOString(),
      })),
    ]);
    return state.write(file, { ...stored, ...Object.fromEntries(made) });
  };
  const aliases = deployment.of('AWS::KMS::Alias').map((alias) => v.parse(Alias, alias.properties()));
  const keys = deployment.of('AWS::KMS::Key').map(({ physical }): KmsKey => {
    const arn = physical.attributes.Arn ?? '';
    const materials = stored[arn]?.map(({ material, made_at }) => ({
      bytes: Buffer.from(material, 'base64'),
      madeMs: Date.parse(made_at),
    }));
    const own = aliases.filter(({ TargetKeyId }) => TargetKeyId === arn || TargetKeyId === physical.ref);
    return {
      arn,
      id: physical.ref,
      aliases: own.map(({ AliasName }) => AliasName),
      materials: materials ?? [newMaterial()],
    };
  });
  if (keys.some(({ arn }) => stored[arn] === undefined)) await keep(keys);
  return heldKeys(keys, keep);
};
