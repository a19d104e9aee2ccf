// The local cloud in a state folder of its own, started and stopped as a person would. It must never outlive the tour,
// nor leave its folder behind.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as v from 'valibot';
import { UnmetExpectation } from './expect.ts';

const Ready = v.object({
  api: v.object({ us: v.string() }),
  /** URL by region, of zones that run both. */
  regions: v.record(v.string(), v.string()),
  provider: v.string(),
  control: v.string(),
  listen: v.string(),
  operator_keys: v.object({ us: v.string() }),
  tenants: v.array(v.object({ id: v.string(), zone: v.string(), secret_key: v.string() })),
});

export type Ready = v.InferOutput<typeof Ready>;

export interface LocalCloud {
  readonly ready: Ready;
  /** Its state folder. */
  readonly state: string;
  /** What it wrote stays until it is stopped. */
  end(): Promise<void>;
  stop(): Promise<void>;
}

export interface CloudOptions {
  readonly synth: boolean;
  /** What the local cloud is started with besides. */
  readonly more: readonly string[];
  /** Aborted: time is up. */
  readonly end: AbortSignal;
  readonly onStep: (line: string) => void;
}

const root = join(import.meta.dirname, '..', '..');
const pollMs = 50;
/** Children end with the local cloud, however it ends. */
const politeMs = 10_000;

export async function startCloud({ synth, more, end, onStep }: CloudOptions): Promise<LocalCloud> {
  const state = mkdtempSync(join(tmpdir(), 'strongroom-tour-'));
  const readyFile = join(state, 'ready.json');
  const child = spawn(
    process.execPath,
    ['local/cloud/main.ts', ...more, '--state', state, '--ready-file', readyFile, ...(synth ? [] : ['--no-synth'])],
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const output = collect(child, onStep);
  const stop = async (): Promise<void> => {
    await stopProcess(child);
    rmSync(state, { recursive: true, force: true });
  };
  try {
    while (!existsSync(readyFile)) {
      if (child.exitCode !== null) throw new UnmetExpectation('the local cloud starts', output());
      end.throwIfAborted();
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
    return {
      ready: v.parse(Ready, JSON.parse(readFileSync(readyFile, 'utf8'))),
      state,
      end: () => stopProcess(child),
      stop,
    };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}

/** Passes on the lines about a step and its time; collects everything for an error message. */
function collect(child: ChildProcess, onStep: (line: string) => void): () => string {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', (line) => {
      output += `${line}\n`;
      if (/^\s*\d+\.\d+ s\s/.test(line)) onStep(line);
    });
  }
  return () => output;
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const impatient = setTimeout(() => child.kill('SIGKILL'), politeMs);
  await ended;
  clearTimeout(impatient);
}
