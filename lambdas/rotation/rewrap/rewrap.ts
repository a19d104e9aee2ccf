// One invocation of the rewrapper. It asks KMS for the rotations of each wrapping key, and continues the run of each rotation
// that has no certificate yet, the oldest first. A key that fails holds up no other. It logs rotations that wait too long.

import { kmsKeys, type WrappingKey, wrappingKeys } from '../../../contract/kernel/kms_keys.ts';
import { rewrapLimits } from '../../../contract/rotation/limits.ts';
import { Defect, defectOf } from '../../kernel/domain/refusal.ts';
import { timestamp } from '../../kernel/platform/clock.ts';
import { derivedId } from '../../kernel/platform/ids.ts';
import { isWriter } from '../../kernel/platform/writer.ts';
import { beginRun, certificateOf, type RewrapRun, settledMs } from '../domain/rewrap.ts';
import { issue, putRun, recordsOf } from '../store/runs.ts';
import { isOlder, type Material, materialsOf } from './materials.ts';
import type { IsOlder, RewrapPlatform } from './rewrap_row.ts';
import { continueRun } from './run.ts';

/** How far an invocation came with one rotation. `until`: before that time nothing can be certified. */
export interface Rewrapped {
  readonly key: WrappingKey;
  readonly rotated_at: string | null;
  readonly state: 'certified' | 'waiting' | 'running' | 'failed';
  readonly until: string | null;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** `remainingMs`: of the function’s own time limit. Returns every rotation that had no certificate when it began. */
export async function rewrap(platform: RewrapPlatform, requestId: string, remainingMs: number): Promise<Rewrapped[]> {
  // Two regions that wrapped one key apart would leave one wrapping in each.
  if (!(await isWriter(platform.writer))) return [];
  const stopMs = platform.clock() + remainingMs - rewrapLimits.reserveMs;
  const rotations: Rewrapped[] = [];
  // Each invocation begins with another key: one whose run never ends holds up no other.
  const turn = Math.floor(platform.clock() / hourMs) % wrappingKeys.length;
  for (const key of [...wrappingKeys.slice(turn), ...wrappingKeys.slice(0, turn)]) {
    try {
      await rewrapKey(platform, key, requestId, stopMs, rotations);
    } catch (error) {
      const defect = defectOf(error);
      platform.log('rewrap_failed', { object: key, defect, request_id: requestId });
      rotations.push({ key, rotated_at: null, state: 'failed', until: null });
    }
  }
  const certified = rotations.filter(({ state }) => state === 'certified').length;
  platform.log('rewrap_finished', { count: certified, failed: rotations.length - certified, request_id: requestId });
  return rotations;
}

async function rewrapKey(
  platform: RewrapPlatform,
  key: WrappingKey,
  requestId: string,
  stopMs: number,
  rotations: Rewrapped[],
): Promise<void> {
  const table = platform.config.table('data_keys');
  const [materials, records] = await Promise.all([materialsOf(platform, key), recordsOf(platform, key)]);
  const certified = records.certificates.filter((each) => each.table === table);
  const open = materials.filter(({ id }) => !certified.some(({ material }) => material === id));
  for (const { id: material, rotatedMs } of open) {
    if (rotatedMs === null) continue;
    const rotated_at = timestamp(rotatedMs);
    let state: Rewrapped['state'] = 'running';
    try {
      const found = records.runs.find((run) => run.material === material && run.table === table);
      const run = found ?? (await startRun(platform, key, material, rotated_at, table));
      const older = olderThan(platform, materials, key, material);
      if (run !== null) state = await runToCertificate(platform, run, older, requestId, stopMs);
    } finally {
      if (state !== 'certified' && platform.clock() > rotatedMs + kmsKeys[key].rewrapDays * dayMs) {
        platform.log('rewrap_overdue', { object: key, at: rotated_at, request_id: requestId });
      }
    }
    rotations.push({ key, rotated_at, state, until: state === 'waiting' ? timestamp(settledMs(rotated_at)) : null });
    // What follows is about the same rows: it waits for its turn.
    if (state !== 'certified') return;
  }
}

/** Null: another invocation has started it, and continues it. */
async function startRun(
  platform: RewrapPlatform,
  key: WrappingKey,
  material: string,
  rotated_at: string,
  table: string,
): Promise<RewrapRun | null> {
  const id = derivedId('certificate', platform.config.zone, ['rewrap', key, material, table]);
  const about = { id, key, key_arn: platform.config.key(key), material, rotated_at, table };
  const run = beginRun(about, platform.clock());
  return (await putRun(platform, run)) ? run : null;
}

async function runToCertificate(
  platform: RewrapPlatform,
  from: RewrapRun,
  older: IsOlder,
  requestId: string,
  stopMs: number,
): Promise<Rewrapped['state']> {
  const { state, run } = await continueRun(platform, from, older, stopMs);
  const certificate = certificateOf(run, platform.config.zone);
  if (certificate === null) return state === 'waiting' ? 'waiting' : 'running';
  await issue(platform, certificate, requestId);
  return 'certified';
}

/** A material that is not known yet came by a rotation during the invocation: KMS is asked once more. */
function olderThan(platform: RewrapPlatform, known: readonly Material[], key: WrappingKey, material: string): IsOlder {
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
