// What a function prints, line by line, in one file per function; with --verbose its errors on the console too.

import type { ChildProcess } from 'node:child_process';
import { createWriteStream, renameSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { localLimits } from '../host/limits.ts';

export interface FunctionLog {
  /** Copies a process's output. */
  follow(child: ChildProcess): void;
  /** What AWS itself would log about an invocation: time-outs, crashes, uncaught errors. */
  platform(requestId: string, message: string, trace?: string): void;
  /** What the function's role was refused: always written, even if that is the writing of logs. */
  refused(message: string): void;
  /** Its role doesn't let Lambda write its log: nothing more of the function's own is written. */
  silence(): void;
  close(): void;
}

/** Renames a log that has grown too big; called before it is opened. */
export const rotateLog = (path: string): void => {
  try {
    if (statSync(path).size > localLimits.logBytes) renameSync(path, `${path}.old`);
  } catch {
    // There is none yet.
  }
};

const isError = (line: string): boolean => /"level":"(?:ERROR|CRITICAL|FATAL)"/i.test(line);
/** Written to standard error too, and no error. */
const isWarning = (line: string): boolean => line.includes('"level":"WARN"');

export const openFunctionLog = (
  path: string,
  name: string,
  show: ((text: string) => void) | undefined,
  observe: (line: string) => void = () => {},
): FunctionLog => {
  rotateLog(path);
  let mayWrite = true;
  const file = createWriteStream(path, { flags: 'a', mode: 0o600 });
  file.on('error', () => {});
  const write = (line: object): void => {
    file.write(`${JSON.stringify({ time: new Date().toISOString(), ...line })}\n`);
  };
  return {
    follow(child) {
      for (const stream of [child.stdout, child.stderr]) {
        if (stream === null) continue;
        createInterface({ input: stream }).on('line', (line) => {
          if (mayWrite) {
            file.write(`${line}\n`);
            observe(line);
          }
          if (isError(line) || (stream === child.stderr && !isWarning(line))) show?.(`${name}: ${line}`);
        });
      }
    },
    platform(requestId, message, trace) {
      if (mayWrite) write({ type: 'platform', requestId, message, trace });
      show?.(`${name}: ${message}`);
    },
    refused: (message) => write({ type: 'platform', level: 'ERROR', message }),
    silence() {
      mayWrite = false;
    },
    close: () => file.end(),
  };
};
