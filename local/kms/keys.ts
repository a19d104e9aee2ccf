// The KMS keys of a zone: those of its templates, with key material that is made once and stored in the state folder. A
// rotation adds material; none is ever removed, so that every ciphertext can still be opened.

import { createHash, randomBytes } from 'node:crypto';
import * as v from 'valibot';
import type { Deployment } from '../cloudformation/deployment.ts';
import type { Physical } from '../cloudformation/physical.ts';
import { AwsError } from '../endpoint/error.ts';
import { UserError } from '../host/user_error.ts';
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

/** KMS gives related keys of several regions one id, which begins so. */
export const isMultiRegion = ({ id }: Pick<KmsKey, 'id'>): boolean => id.startsWith('mrk-');

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

const aliasesIn = (deployment: Deployment): ((key: Physical) => string[]) => {
  const aliases = deployment.of('AWS::KMS::Alias').map((alias) => v.parse(Alias, alias.properties()));
  return ({ ref, attributes }) =>
    aliases
      .filter(({ TargetKeyId }) => TargetKeyId === attributes.Arn || TargetKeyId === ref)
      .map(({ AliasName }) => AliasName);
};

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
  const aliasesOf = aliasesIn(deployment);
  const keys = deployment.of('AWS::KMS::Key').map(({ physical }): KmsKey => {
    const arn = physical.attributes.Arn ?? '';
    const materials = stored[arn]?.map(({ material, made_at }) => ({
      bytes: Buffer.from(material, 'base64'),
      madeMs: Date.parse(made_at),
    }));
    return { arn, id: physical.ref, aliases: aliasesOf(physical), materials: materials ?? [newMaterial()] };
  });
  if (keys.some(({ arn }) => stored[arn] === undefined)) await keep(keys);
  return heldKeys(keys, keep);
};

/**
 * The replicas of multi-region keys in another region (AWS KMS developer guide, "Multi-Region keys in AWS KMS", read December
 * 2026): they have the material of their primaries, whichever rotation it came with, and are rotated with them alone.
 */
export const replicaKeys = (deployment: Deployment, primaries: KmsKeys): KmsKeys => {
  const aliasesOf = aliasesIn(deployment);
  const all = deployment.of('AWS::KMS::ReplicaKey').map(({ stack, logicalId, physical }): KmsKey => {
    const primary = primaries.all.find(({ id }) => id === physical.ref);
    if (primary === undefined || !isMultiRegion(primary))
      throw new UserError(`stack ${stack.name}: ${logicalId}: its primary is no multi-region key of this zone.`);
    // The very list, so that a rotation of the primary is one of the replica.
    return { ...primary, arn: physical.attributes.Arn ?? '', aliases: aliasesOf(physical) };
  });
  return {
    all,
    async rotate({ arn }) {
      throw new AwsError('UnsupportedOperationException', `${arn} is a replica key: rotate its primary.`);
    },
  };
};
