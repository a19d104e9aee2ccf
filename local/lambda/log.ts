// What a function prints, line by line, in one file per function; with --verbose its errors on the console too.

import type { ChildProcess } from 'node:child_process';
import { createWriteStream, renameSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { localLimits } from '../limits.ts';

export interface FunctionLog {
  /** Copies a process's output. */
  follow(child: ChildProcess): void;
  /** What AWS itself would log about an invocation: time-outs, crashes, uncaught errors. */
  platform(requestId: string, message: string, trace?: string): void;
  close(): void;
}

/** Sets a log aside that has grown too big; called before it is opened. */
export const setAside = (path: string): void => {
  try {
    if (statSync(path).size > localLimits.logBytes) renameSync(path, `${path}.old`);
  } catch {
    // There is none yet.
  }
};

const isError = (line: string): boolean => /"level":"(?:ERROR|CRITICAL|FATAL)"/i.test(line);

export const openFunctionLog = (
  path: string,
  name: string,
  show: ((text: string) => void) | undefined,
): FunctionLog => {
  setAside(path);
  const file = createWriteStream(path, { flags: 'a', mode: 0o600 });
  file.on('error', () => {});
  return {
    follow(child) {
      for (const stream of [child.stdout, child.stderr]) {
        if (stream === null) continue;
        createInterface({ input: stream }).on('line', (line) => {
          file.write(`${line}\n`);
          if (stream === child.stderr || isError(line)) show?.(`${name}: ${line}`);
        });
      }
    },
    platform(requestId, message, trace) {
      file.write(
        `${JSON.stringify({ time: new Date().toISOString(), type: 'platform', requestId, message, trace })}\n`,
      );
      show?.(`${name}: ${message}`);
    },
    close: () => file.end(),
  };
};
