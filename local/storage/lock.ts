// One local cloud per state folder. The lock names the process that holds it and is void once that process is gone,
// so a `kill -9` never leaves a folder that needs to be unlocked by hand.

import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { UserError } from '../host/user_error.ts';

const Holder = v.object({ pid: v.number(), born: v.nullable(v.string()) });

/**
 * When a process began (Linux only, elsewhere null): distinguishes it from another one that later got the same number.
 * Also null when it is dead and merely waits for its parent to notice.
 */
const bornAt = (pid: number): string | null => {
  try {
    // proc(5) stat: the second field may hold spaces and ends with the last parenthesis; 3 is the state, 22 the birth.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields[0] === 'Z' ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
};

const isAlive = ({ pid, born }: v.InferOutput<typeof Holder>): boolean => {
  if (born !== null) return bornAt(pid) === born;
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
};

const holderOf = (path: string): v.InferOutput<typeof Holder> | undefined => {
  try {
    return v.parse(Holder, JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
};

/** Takes the folder's lock, or throws a UserError; returns the function that releases it. */
export const takeLock = (folder: string): (() => void) => {
  const path = join(folder, 'lock');
  const mine = `${path}.${randomUUID()}`;
  writeFileSync(mine, JSON.stringify({ pid: process.pid, born: bornAt(process.pid) }), { mode: 0o600 });
  try {
    for (let tries = 0; tries < 10; tries += 1) {
      try {
        // A link appears whole or not at all, and fails if the lock exists.
        linkSync(mine, path);
        return () => rmSync(path, { force: true });
      } catch (thrown) {
        if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
      }
      const holder = holderOf(path);
      if (holder !== undefined && isAlive(holder)) {
        throw new UserError(
          `${folder} is in use by another running local cloud (process ${holder.pid}).\nStop it, or choose another folder with --state.`,
        );
      }
      try {
        const stale = `${mine}.stale`;
        renameSync(path, stale);
        rmSync(stale, { force: true });
      } catch (thrown) {
        if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown;
      }
    }
    throw new UserError(`Other processes keep taking ${path}. Start again.`);
  } finally {
    rmSync(mine, { force: true });
  }
};
