// The command line as its users run it: a process with what it prints, which is stopped as a person would stop it.

import { spawn } from 'node:child_process';

export interface CommandRun {
  readonly pid: number | undefined;
  /** Its exit code. */
  readonly ended: Promise<number | null>;
  output(): string;
  errors(): string;
  /** The lines of its output so far, as JSON. */
  json(): Record<string, unknown>[];
  /** Ctrl-C; resolves with its exit code. */
  stop(): Promise<number | null>;
  /** kill -9. */
  kill(): Promise<unknown>;
}

export function runCommand(...args: string[]): CommandRun {
  const child = spawn(process.execPath, ['bin/strongroom.ts', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      said[name] += chunk;
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    pid: child.pid,
    ended,
    output: () => said.stdout,
    errors: () => said.stderr,
    json: () =>
      said.stdout
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
    stop() {
      child.kill('SIGINT');
      return ended;
    },
    kill() {
      child.kill('SIGKILL');
      return ended;
    },
  };
}
