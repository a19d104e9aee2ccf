// Goes on with a walk, page by page, until it has ended, has to wait, or has no more time. Its record moves behind each page:
// whoever takes it up repeats one page at most, which is harmless. Never faster than its rate.

import { rewrapLimits } from '../../../contract/rotation/limits.ts';
import { afterPage, beginPass, type Counted, type RewrapRun } from '../domain/rewrap.ts';
import { type IsOlder, type RewrapPlatform, rewrapRow } from './rewrap_row.ts';
import { putRun } from './run_store.ts';
import { type WrappedKey, wrappedPage } from './wrapped_keys.ts';

/** `waiting`: until everything has settled. `walking`: there was no more time, or another run goes on with it. */
export type Went = { readonly state: 'ended' | 'waiting' | 'walking'; readonly walk: RewrapRun };

const pageMs = (rewrapLimits.pageRows / rewrapLimits.rowsPerSecond) * 1_000;

export async function goOn(platform: RewrapPlatform, from: RewrapRun, isOlder: IsOlder, stopMs: number): Promise<Went> {
  let walk = from;
  // In one run a pass that found something is followed by one other: a row that nothing mends is left to the next run.
  const lastPass = from.pass + 1;
  while (walk.ended_at === null) {
    const began = beginPass(walk, platform.clock());
    if (began === null) return { state: 'waiting', walk };
    if (platform.clock() >= stopMs || walk.pass > lastPass) return { state: 'walking', walk };
    if (began !== walk && !(await putRun(platform, began))) return { state: 'walking', walk };
    const next = await onePage(platform, began, isOlder);
    if (next === null) return { state: 'walking', walk: began };
    walk = next;
  }
  return { state: 'ended', walk };
}

/** Null: another run was faster. */
async function onePage(platform: RewrapPlatform, walk: RewrapRun, isOlder: IsOlder): Promise<RewrapRun | null> {
  const beganMs = platform.clock();
  const { rows, unreadable, last } = await wrappedPage(platform, walk.key, walk.cursor);
  if (unreadable > 0)
    platform.log('rewrap_failed', { object: walk.key, failed: unreadable, defect: 'unreadable rows' });
  const counted: Counted[] = [{ records: unreadable, rewrapped: 0, found_old: 0, unreadable }];
  const waiting = [...rows];
  const workers = Array.from({ length: rewrapLimits.concurrentRows }, () =>
    work(waiting, counted, platform, walk, isOlder),
  );
  const failed = (await Promise.allSettled(workers)).find((worker) => worker.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  const next = afterPage(walk, counted, last, platform.clock());
  if (!(await putRun(platform, next))) return null;
  const restMs = beganMs + pageMs - platform.clock();
  if (restMs > 0) await platform.sleep(restMs);
  return next;
}

/** Takes one row after the other from the front; several of these share a page. */
async function work(
  waiting: WrappedKey[],
  counted: Counted[],
  platform: RewrapPlatform,
  walk: RewrapRun,
  isOlder: IsOlder,
): Promise<void> {
  for (let row = waiting.shift(); row !== undefined; row = waiting.shift()) {
    counted.push(await rewrapRow(platform, walk, row, isOlder));
  }
}
