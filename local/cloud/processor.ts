// Starts the test processor, the payment provider of the test mode: a process of its own with its own ledger. It ends
// by itself when the pipe to its standard input closes, so it ends with us.

import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { localLimits } from '../host/limits.ts';
import { UserError } from '../host/user_error.ts';
import { compileCacheOf, type StateFolder } from '../storage/state.ts';

export interface Processor {
  readonly url: string;
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

const main = fileURLToPath(new URL('../../processor/main.ts', import.meta.url));

export const startProcessor = async (port: number, state: StateFolder): Promise<Processor> => {
  const args = [main, '--port', String(port), '--ledger', state.file('processor-ledger')];
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH ?? '', NODE_COMPILE_CACHE: compileCacheOf(state) },
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const log = createWriteStream(state.file('logs/processor.log'), { flags: 'a', mode: 0o600 });
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-localLimits.shownOutputChars);
  });
  child.stderr.pipe(log, { end: false });
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
  });
  const url = await new Promise<string>((resolve, reject) => {
    const give = (why: string): void => {
      child.kill('SIGKILL');
      reject(new UserError(`The test processor did not start: ${why}\n${output}`));
    };
    const timer = setTimeout(() => give('it printed no address in time'), localLimits.processorReadyMs);
    createInterface({ input: child.stdout }).on('line', (line) => {
      log.write(`${line}\n`);
      const [, address] = /^listening (http:\/\/127\.0\.0\.1:\d+)$/.exec(line.trim()) ?? [];
      if (address === undefined) return;
      clearTimeout(timer);
      resolve(address);
    });
    ended.then((how) => {
      clearTimeout(timer);
      give(how);
    });
  });
  return {
    url,
    ended,
    async stop() {
      child.stdin.end();
      const late = setTimeout(() => child.kill('SIGKILL'), localLimits.stopMs);
      await ended;
      clearTimeout(late);
      log.end();
    },
  };
};
