// Child processes that end when we end, however we end. A tiny shell script (lifeline.sh) is the parent of each child and reads
// a pipe that only we hold open: when the pipe closes (we stopped, crashed or were killed), the script kills the child.

import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { localLimits } from './limits.ts';
import { UserError } from './user_error.ts';

const lifeline = fileURLToPath(new URL('./lifeline.sh', import.meta.url));

export interface Child {
  readonly process: ChildProcess;
  /** Resolves with a short account of how it ended. */
  readonly ended: Promise<string>;
  /** Ends it and waits until it is gone. */
  stop(): Promise<void>;
  /** SIGKILL, to all of it; waits until it is gone. */
  kill(): Promise<void>;
}

export interface ChildOptions {
  readonly env: Readonly<Record<string, string>>;
  /** TERM lets it finish (it has two seconds); KILL doesn't. */
  readonly endWith: 'TERM' | 'KILL';
  readonly ipc?: boolean;
  readonly cwd?: string | undefined;
}

export const startChild = (command: string, args: readonly string[], options: ChildOptions): Child => {
  if (process.platform === 'win32') throw new UserError('The local cloud needs a POSIX shell: run it inside WSL.');
  const child = spawn('/bin/sh', [lifeline, options.endWith, command, ...args], {
    cwd: options.cwd,
    env: options.env,
    // A process group of its own: Ctrl-C reaches us alone, and we stop the children in order.
    detached: true,
    stdio: options.ipc === true ? ['pipe', 'pipe', 'pipe', 'ipc'] : ['pipe', 'pipe', 'pipe'],
  });
  child.stdin?.on('error', () => {});
  const ended = new Promise<string>((resolve) => {
    child.once('error', (thrown) => resolve(`could not start: ${thrown.message}`));
    child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
  });
  return {
    process: child,
    ended,
    async stop() {
      child.stdin?.end();
      const late = setTimeout(() => child.kill('SIGKILL'), localLimits.stopMs);
      await ended;
      clearTimeout(late);
    },
    async kill() {
      // The group: the script, the command and the watcher.
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
        process.kill(-child.pid, 'SIGKILL');
      await ended;
    },
  };
};
