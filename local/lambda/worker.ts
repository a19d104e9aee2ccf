// The process of a function: imports its bundle once, then runs one invocation after the other, as the Lambda runtime
// does. It holds nothing of the local cloud but this file, and ends when the channel to its parent closes.

import { existsSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { reachStandIns } from './internet.ts';
import type { ClockMessage, FromWorker, ToWorker } from './messages.ts';

// The parent's own: a function sees the variables of its template and of the Lambda runtime, nothing else.
delete process.env.NODE_COMPILE_CACHE;
process.on('disconnect', () => process.exit(0));

// The clock that the function sees: this machine's, until somebody moves it forward (local/cloud/control.ts).
const RealDate = Date;
const realNow = Date.now.bind(Date);
let aheadMs = 0;
Date.now = () => realNow() + aheadMs;
globalThis.Date = new Proxy(RealDate, {
  construct: (target, given, made) => Reflect.construct(target, given.length === 0 ? [Date.now()] : given, made),
});

const say = (message: FromWorker): void => {
  process.send?.(message);
};

const threw = (thrown: unknown): FromWorker => {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  return { kind: 'threw', errorType: error.name, errorMessage: error.message, trace: error.stack ?? '' };
};

const [, , functionArn, hosts] = process.argv;
if (hosts !== undefined) reachStandIns(JSON.parse(hosts));

type Handler = (event: unknown, context: unknown) => unknown;

const load = async (): Promise<Handler> => {
  const root = process.env.LAMBDA_TASK_ROOT ?? '';
  const [file = '', name = ''] = (process.env._HANDLER ?? '').split('.');
  const path = ['.mjs', '.js', '.cjs'].map((ending) => join(root, `${file}${ending}`)).find((each) => existsSync(each));
  if (path === undefined) throw new Error(`Cannot find module '${file}' in ${root}`);
  const exports: Record<string, unknown> = await import(pathToFileURL(path).href);
  const handler = exports[name];
  if (typeof handler !== 'function') throw new Error(`${file}.${name} is undefined or not exported`);
  return handler as Handler;
};

const contextOf = ({ requestId, deadline }: ToWorker): object => ({
  callbackWaitsForEmptyEventLoop: true,
  awsRequestId: requestId,
  functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
  functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
  memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
  logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
  invokedFunctionArn: functionArn,
  getRemainingTimeInMillis: () => Math.max(0, deadline - realNow()),
});

const run = async (handler: Handler, message: ToWorker): Promise<FromWorker> => {
  process.env._X_AMZN_TRACE_ID = message.trace;
  try {
    const answer = await handler(JSON.parse(message.event), contextOf(message));
    return { kind: 'returned', payload: JSON.stringify(answer) ?? 'null' };
  } catch (thrown) {
    return threw(thrown);
  }
};

try {
  const handler = await load();
  process.on('message', async (message: ToWorker | ClockMessage) => {
    aheadMs = message.clockAheadMs;
    if ('event' in message) say(await run(handler, message));
  });
  say({ kind: 'ready' });
  // Now, because we may be killed before we end: the next process finds everything compiled.
  flushCompileCache();
} catch (thrown) {
  console.error(thrown);
  say(threw(thrown));
}
