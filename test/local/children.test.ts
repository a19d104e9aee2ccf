import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startChild } from '../../local/host/children.ts';

const alive = (pid: number): boolean => {
  try {
    // A zombie is gone: it only waits for its parent to notice.
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

const descendants = (pid: number): number[] => {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const [, parent] = /\) \S (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8')) ?? [];
        return [[Number(name), Number(parent)] as const];
      } catch {
        return [];
      }
    });
  const of = (root: number): number[] =>
    parents.filter(([, parent]) => parent === root).flatMap(([child]) => [child, ...of(child)]);
  return of(pid);
};

const linux = test.skipIf(process.platform !== 'linux');

linux('when the parent is killed with -9, engines and functions vanish, even one that spins', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'strongroom-parent-'));
  const parent = spawn(process.execPath, [fileURLToPath(new URL('./parent.ts', import.meta.url)), folder]);
  await new Promise<void>((resolve, reject) => {
    parent.stdout.on('data', (chunk: Buffer) => chunk.toString().includes('running') && resolve());
    parent.once('exit', () => reject(new Error('the parent ended by itself')));
  });
  const children = descendants(parent.pid ?? 0);
  // At least: a shell and its program for the engine and for each of two functions.
  expect(children.length).toBeGreaterThanOrEqual(6);
  process.kill(parent.pid ?? 0, 'SIGKILL');
  await expect.poll(() => children.filter(alive)).toEqual([]);
});

linux('a child that ignores the request to end is killed', async () => {
  const stubborn = startChild('/bin/sh', ['-c', 'trap "" TERM; echo up; while :; do sleep 1; done'], {
    env: { PATH: '/usr/bin:/bin' },
    endWith: 'TERM',
  });
  await new Promise((resolve) => stubborn.process.stdout?.once('data', resolve));
  const children = descendants(stubborn.process.pid ?? 0);
  await stubborn.stop();
  // Its own `sleep` may outlive it by a second.
  await expect.poll(() => children.filter(alive)).toEqual([]);
});

test('a child that ends by itself is reported with its exit code', async () => {
  const child = startChild('/bin/sh', ['-c', 'exit 7'], { env: { PATH: '/usr/bin:/bin' }, endWith: 'KILL' });
  expect(await child.ended).toBe('exit code 7');
});
