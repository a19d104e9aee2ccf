// Continues a run, page by page, until it has ended, has to wait, or has no more time. Its record is written after each page,
// so the next invocation repeats one page at most, which is harmless. Never faster than its rate.

import { rewrapLimits } from '../../../contract/rotation/limits.ts';
import { afterPage, beginPass, type Counted, type RewrapRun } from '../domain/rewrap.ts';
import { putRun } from '../store/runs.ts';
import { type WrappedKey, wrappedPage } from '../store/wrapped_keys.ts';
import { type IsOlder, type RewrapPlatform, rewrapRow } from './rewrap_row.ts';

/** `waiting`: until everything has settled. `running`: there was no more time, or another invocation continues it. */
export type Progress = { readonly state: 'ended' | 'waiting' | 'running'; readonly run: RewrapRun };

const pageMs = (rewrapLimits.pageRows / rewrapLimits.rowsPerSecond) * 1_000;

export async function continueRun(
  platform: RewrapPlatform,
  from: RewrapRun,
  isOlder: IsOlder,
  stopMs: number,
): Promise<Progress> {
  let run = from;
  // In one invocation one other pass follows a pass that found something: a row that nothing mends is left to the next one.
  const lastPass = from.pass + 1;
  while (run.ended_at === null) {
    const began = beginPass(run, platform.clock());
    if (began === null) return { state: 'waiting', run };
    if (platform.clock() >= stopMs || run.pass > lastPass) return { state: 'running', run };
    if (began !== run && !(await putRun(platform, began))) return { state: 'running', run };
    const next = await rewrapPage(platform, began, isOlder);
    if (next === null) return { state: 'running', run: began };
    run = next;
  }
  return { state: 'ended', run };
}

/** Null: another invocation was faster. */
async function rewrapPage(platform: RewrapPlatform, run: RewrapRun, isOlder: IsOlder): Promise<RewrapRun | null> {
  const beganMs = platform.clock();
  const { rows, unreadable, last } = await wrappedPage(platform, run.key, run.cursor);
  if (unreadable > 0) platform.log('rewrap_failed', { object: run.key, failed: unreadable, defect: 'unreadable rows' });
  const counted: Counted[] = [{ records: unreadable, rewrapped: 0, found_old: 0, unreadable }];
  const waiting = [...rows];
  const workers = Array.from({ length: rewrapLimits.concurrentRows }, () =>
    work(waiting, counted, platform, run, isOlder),
  );
  const failed = (await Promise.allSettled(workers)).find((worker) => worker.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  const next = afterPage(run, counted, last, platform.clock());
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
  run: RewrapRun,
  isOlder: IsOlder,
): Promise<void> {
  for (let row = waiting.shift(); row !== undefined; row = waiting.shift()) {
    counted.push(await rewrapRow(platform, run, row, isOlder));
  }
}
