// One run of the walker: of each wrapping key it asks KMS for its rotations, and walks for those that have no certificate
// yet, the oldest first. A key that cannot be walked holds up no other. It tells of rotations that wait too long.

import { kmsKeys, type WrappingKey, wrappingKeys } from '../../../contract/kernel/kms_keys.ts';
import { rewrapLimits } from '../../../contract/rotation/limits.ts';
import { Defect, defectOf } from '../../kernel/domain/refusal.ts';
import { timestamp } from '../../kernel/platform/clock.ts';
import { derivedId } from '../../kernel/platform/ids.ts';
import { beginRun, certificateOf, type RewrapRun, settledMs } from '../domain/rewrap.ts';
import { isOlder, type Material, materialsOf } from './materials.ts';
import type { IsOlder, RewrapPlatform } from './rewrap_row.ts';
import { issue, putRun, recordsOf } from './run_store.ts';
import { goOn } from './walk.ts';

/** How far a run came with one rotation. `until`: before that time nothing can be certified. */
export interface Rewrapped {
  readonly key: WrappingKey;
  readonly rotated_at: string | null;
  readonly state: 'certified' | 'waiting' | 'walking' | 'failed';
  readonly until: string | null;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** `runMs` is how long the run may take. Tells of every rotation that had no certificate when it began. */
export async function rewrap(platform: RewrapPlatform, requestId: string, runMs: number): Promise<Rewrapped[]> {
  const stopMs = platform.clock() + runMs - rewrapLimits.reserveMs;
  const told: Rewrapped[] = [];
  // Each run begins with another key: one whose walk never ends holds up no other.
  const turn = Math.floor(platform.clock() / hourMs) % wrappingKeys.length;
  for (const key of [...wrappingKeys.slice(turn), ...wrappingKeys.slice(0, turn)]) {
    try {
      await rewrapKey(platform, key, requestId, stopMs, told);
    } catch (error) {
      const defect = defectOf(error);
      platform.log('rewrap_failed', { object: key, defect, request_id: requestId });
      told.push({ key, rotated_at: null, state: 'failed', until: null });
    }
  }
  const certified = told.filter(({ state }) => state === 'certified').length;
  platform.log('rewrap_finished', { count: certified, failed: told.length - certified, request_id: requestId });
  return told;
}

async function rewrapKey(
  platform: RewrapPlatform,
  key: WrappingKey,
  requestId: string,
  stopMs: number,
  told: Rewrapped[],
): Promise<void> {
  const table = platform.config.table('data_keys');
  const [materials, records] = await Promise.all([materialsOf(platform, key), recordsOf(platform, key)]);
  const certified = records.certificates.filter((each) => each.table === table);
  const open = materials.filter(({ id }) => !certified.some(({ material }) => material === id));
  for (const { id: material, rotatedMs } of open) {
    if (rotatedMs === null) continue;
    const rotated_at = timestamp(rotatedMs);
    let state: Rewrapped['state'] = 'walking';
    try {
      const found = records.walks.find((walk) => walk.material === material && walk.table === table);
      const walk = found ?? (await begun(platform, key, material, rotated_at, table));
      const older = newness(platform, materials, key, material);
      if (walk !== null) state = await walkToCertificate(platform, walk, older, requestId, stopMs);
    } finally {
      if (state !== 'certified' && platform.clock() > rotatedMs + kmsKeys[key].rewrapDays * dayMs) {
        platform.log('rewrap_overdue', { object: key, at: rotated_at, request_id: requestId });
      }
    }
    told.push({ key, rotated_at, state, until: state === 'waiting' ? timestamp(settledMs(rotated_at)) : null });
    // What follows is about the same rows: it waits for its turn.
    if (state !== 'certified') return;
  }
}

/** Null: another run has begun the same one, and goes on with it. */
async function begun(
  platform: RewrapPlatform,
  key: WrappingKey,
  material: string,
  rotated_at: string,
  table: string,
): Promise<RewrapRun | null> {
  const id = derivedId('certificate', platform.config.zone, ['rewrap', key, material, table]);
  const about = { id, key, key_arn: platform.config.key(key), material, rotated_at, table };
  const walk = beginRun(about, platform.clock());
  return (await putRun(platform, walk)) ? walk : null;
}

async function walkToCertificate(
  platform: RewrapPlatform,
  from: RewrapRun,
  older: IsOlder,
  requestId: string,
  stopMs: number,
): Promise<Rewrapped['state']> {
  const { state, walk } = await goOn(platform, from, older, stopMs);
  const certificate = certificateOf(walk, platform.config.zone);
  if (certificate === null) return state === 'waiting' ? 'waiting' : 'walking';
  await issue(platform, certificate, requestId);
  return 'certified';
}

/** A material that is not known yet came by a rotation during the run: KMS is asked once more. */
function newness(platform: RewrapPlatform, known: readonly Material[], key: WrappingKey, material: string): IsOlder {
  let materials = known;
  return async (id) => {
    const older = isOlder(materials, id, material);
    if (older !== undefined) return older;
    materials = await materialsOf(platform, key);
    const now = isOlder(materials, id, material);
    if (now === undefined) throw new Defect('KMS names a material that it does not list');
    return now;
  };
}
