// The four steps of a rotation, as Secrets Manager asks for them (user guide, "Lambda rotation functions", read 2026-11).
// Each may be repeated and each may be interrupted: one rotation adds one version. A version that may be in use stays; a value
// that would leave a stored object without its version never becomes the current one.

import { type PlatformSecretName, platformSecrets } from '../../../contract/kernel/kms_keys.ts';
import { rotationLimits } from '../../../contract/rotation/limits.ts';
import type { VersionedKeys } from '../../kernel/crypto/platform_secrets.ts';
import { Secret } from '../../kernel/crypto/secret.ts';
import { Defect } from '../../kernel/domain/refusal.ts';
import type { Platform } from '../../kernel/platform/platform.ts';
import { rowsNaming } from '../store/named_versions.ts';
import { currentValue, makeCurrent, pendingKeys, putPending } from './secret.ts';
import { faultOf, nextVersion, quietVersions, textWith } from './versions.ts';

export type RotatorPlatform = Pick<
  Platform,
  'clock' | 'config' | 'dynamodb' | 'log' | 'random' | 'secretsManager' | 'sleep'
>;

export interface Rotation {
  readonly name: PlatformSecretName;
  readonly secretId: string;
  readonly token: string;
  /** Of the function's own time limit. */
  readonly remainingMs: () => number;
}

export const steps = {
  async createSecret(platform: RotatorPlatform, rotation: Rotation): Promise<void> {
    const { secretId, token } = rotation;
    if ((await pendingKeys(platform, secretId, token)) !== undefined) return;
    const { keys } = await currentValue(platform, secretId);
    const retired = await unused(platform, rotation, keys);
    if (keys.versions.length - retired.length >= rotationLimits.versions)
      throw new Defect('it holds too many versions');
    const version = nextVersion(keys, platform.clock());
    const value = Buffer.from(platform.random(rotationLimits.keyBytes)).toString('base64url');
    await putPending(platform, secretId, token, new Secret(textWith(keys, { version, value }, retired)));
  },

  /** No other system holds these secrets. */
  async setSecret(): Promise<void> {},

  async testSecret(platform: RotatorPlatform, rotation: Rotation): Promise<void> {
    const { after } = await successor(platform, rotation);
    const { namedBy } = platformSecrets[rotation.name];
    if (namedBy === null) return;
    const mayGoOn = () => rotation.remainingMs() > rotationLimits.reserveMs;
    const found = await rowsNaming(platform, namedBy, { otherThan: after.versions }, mayGoOn);
    if (found === 'some') throw new Defect('something stored names a version that is gone');
    if (found === 'unknown') throw new Defect('there was no time to see what is stored');
  },

  async finishSecret(platform: RotatorPlatform, rotation: Rotation): Promise<void> {
    const { before, after } = await successor(platform, rotation);
    await makeCurrent(platform, rotation.secretId, rotation.token, before);
    platform.log('secret_rotated', { object: rotation.name, count: after.versions.length });
  },
} as const;

export type Step = keyof typeof steps;

/** What nothing stored names, the oldest first; what there is no time for waits for the next rotation. */
async function unused(platform: RotatorPlatform, rotation: Rotation, keys: VersionedKeys): Promise<readonly string[]> {
  const { namedBy } = platformSecrets[rotation.name];
  if (namedBy === null) return [];
  const mayGoOn = () => rotation.remainingMs() > rotationLimits.retireReserveMs;
  const retired: string[] = [];
  for (const version of quietVersions(keys, platform.clock())) {
    if (retired.length >= rotationLimits.retired) break;
    if ((await rowsNaming(platform, namedBy, { of: version }, mayGoOn)) === 'none') retired.push(version);
  }
  return retired;
}

/** The value that waits, which may follow the one that is current; `before` is that one's version id. */
async function successor(
  platform: RotatorPlatform,
  { secretId, token }: Rotation,
): Promise<{ readonly before: string; readonly after: VersionedKeys }> {
  const [{ versionId, keys }, after] = await Promise.all([
    currentValue(platform, secretId),
    pendingKeys(platform, secretId, token),
  ]);
  if (after === undefined) throw new Defect('no value waits to become the current one');
  const fault = faultOf(keys, after, platform.clock());
  if (fault !== undefined) throw new Defect(`the value that waits may not become the current one: ${fault}`);
  return { before: versionId, after };
}
