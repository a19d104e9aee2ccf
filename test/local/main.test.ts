import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readAssembly } from '../../local/cloudformation/assembly.ts';
import { listen } from '../../local/host/ports.ts';
import { takeLock } from '../../local/storage/lock.ts';
import { assembly } from '../kit/run.ts';

const folder = (): string => mkdtempSync(join(tmpdir(), 'strongroom-main-'));

const main = (...args: string[]): Promise<{ code: number | null; output: string }> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [
      fileURLToPath(new URL('../../local/cloud/main.ts', import.meta.url)),
      ...args,
    ]);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
    }
    child.once('close', (code) => resolve({ code, output }));
  });

const stackTrace = /^\s+at .*:\d+:\d+/m;

test('--help explains the options and the control endpoint', async () => {
  const { code, output } = await main('--help');
  expect(code).toBe(0);
  expect(output).toContain('--ready-file');
  expect(output).toContain('--assembly DIR');
  expect(output).toContain('POST /schedules/<function>/run?zone=us');
});

test.each([
  ['an unknown option', ['--prot', '1'], /--prot/],
  ['an assembly that synthesis would not write', ['--assembly', 'elsewhere'], /--no-synth/],
  ['a port that is none', ['--port', 'http'], /not "http"/],
  ['a stand-in on another machine', ['--host', 'api.example.com=http://192.0.2.1:80'], /on this machine/],
])('%s is refused with a sentence', async (_, args, words) => {
  const { code, output } = await main(...args);
  expect(code).toBe(1);
  expect(output).toMatch(words);
  expect(output).not.toMatch(stackTrace);
});

test('a port in use is named at once, whichever of the three it is', async () => {
  // Below the ports that an operating system assigns by itself, so that no other program listens beside it.
  const server = createServer();
  const used = await listen(server, { required: 20_001 + Math.floor(Math.random() * 10_000), what: 'the test' });
  const { code, output } = await main('--no-synth', '--state', folder(), '--port', String(used - 1));
  server.close();
  expect(code).toBe(1);
  expect(output).toContain(`Port ${used} (`);
  expect(output).not.toMatch(stackTrace);
});

test('a state folder in use by a running local cloud is refused with the number of its process', async () => {
  const state = folder();
  const release = takeLock(state);
  const { code, output } = await main('--no-synth', '--state', state);
  release();
  expect(code).toBe(1);
  expect(output).toContain(`process ${process.pid}`);
  expect(output).not.toMatch(stackTrace);
});

test('a lock whose process is gone, or is another one by now, is void', () => {
  const state = folder();
  for (const holder of [
    { pid: 2 ** 22 + 1, born: null },
    { pid: process.pid, born: '1' },
  ]) {
    writeFileSync(join(state, 'lock'), JSON.stringify(holder));
    takeLock(state)();
  }
});

test('a second region that the stage does not have, or a zone, is refused with a sentence', async () => {
  const started = (zone: string) =>
    assembly().then((made) => main('--no-synth', '--assembly', made, '--state', folder(), '--both-regions', zone));
  for (const [zone, words] of [
    ['us', /stage development has one region in it/],
    ['apac', /stage development has no zone apac/],
  ] as const) {
    const { code, output } = await started(zone);
    expect([code, output]).toEqual([1, expect.stringMatching(words)]);
    expect(output).not.toMatch(stackTrace);
  }
});

test('a missing cloud assembly says how to get one', () => {
  expect(() => readAssembly(join(folder(), 'cdk.out'), 'development')).toThrow(/Run without --no-synth/);
});

test('npm start ends when npm is killed, and leaves a state folder that can be started again', async () => {
  const state = folder();
  const ready = join(state, 'ready.json');
  const templates = ['--no-synth', '--assembly', await assembly()];
  const args = ['start', '--', ...templates, '--no-demo', '--no-warm', '--state', state, '--ready-file', ready];
  const npm = spawn('npm', args, { stdio: 'ignore' });
  await until(() => existsSync(ready));
  const cloud = Number(/"pid": ?(\d+)/.exec(readFileSync(join(state, 'lock'), 'utf8'))?.[1] ?? Number.NaN);
  expect(cloud).not.toBe(npm.pid);
  npm.kill('SIGKILL');
  await until(() => !alive(cloud));
  takeLock(state)();
});

const alive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const until = async (so: () => boolean): Promise<void> => {
  const deadline = Date.now() + 60_000;
  while (!so()) {
    if (Date.now() > deadline) throw new Error('the condition did not hold in time');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};
