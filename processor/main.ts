// Starts the test processor on 127.0.0.1 and ends it with its parent: it must never outlive its parent, nor serve without its
// ledger.

import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openLedger } from './ledger.ts';
import { TestProcessor } from './processor.ts';
import { processorServer } from './server.ts';
import { timing } from './timing.ts';
import { Webhooks } from './webhooks.ts';

const help = `Usage: node processor/main.ts --ledger FILE [--port P] [--key-lifetime-ms N]

A payment processor for tests: listens on 127.0.0.1 and keeps its own ledger, so that a double charge shows.

  --ledger FILE          append-only JSON lines; made if missing, read at the start
  --port P               0, the default, takes a free port
  --key-lifetime-ms N    how long an idempotency key is remembered (default ${timing.keyLifetimeMs})
  --help                 this text

Prints "listening http://127.0.0.1:P" when ready. Ends on SIGTERM and when standard input ends.
`;

function fail(message: string, code: number): never {
  process.stderr.write(`test processor: ${message}\n`);
  process.exit(code);
}

function wholeNumber(name: string, value: string, max: number): number {
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (!(number <= max)) fail(`--${name} must be a whole number up to ${max}`, 2);
  return number;
}

function readArguments(): { ledger: string; port: number; keyLifetimeMs: number } {
  const options = {
    ledger: { type: 'string' },
    port: { type: 'string', default: '0' },
    'key-lifetime-ms': { type: 'string', default: String(timing.keyLifetimeMs) },
    help: { type: 'boolean', default: false },
  } as const;
  const parse = () => parseArgs({ options }).values;
  let values: ReturnType<typeof parse>;
  try {
    values = parse();
  } catch (error) {
    fail(`${error instanceof Error ? error.message : 'bad arguments'}\n\n${help}`, 2);
  }
  if (values.help) {
    process.stdout.write(help);
    process.exit(0);
  }
  if (values.ledger === undefined || values.ledger === '') fail(`--ledger is missing\n\n${help}`, 2);
  return {
    ledger: values.ledger,
    port: wholeNumber('port', values.port, 65_535),
    keyLifetimeMs: wholeNumber('key-lifetime-ms', values['key-lifetime-ms'], Number.MAX_SAFE_INTEGER),
  };
}

const { ledger: path, port, keyLifetimeMs } = readArguments();
const opened = await openLedger(path, (error) => fail(`stopped: ${error.message}`, 1)).catch((error: unknown) =>
  fail(`cannot open the ledger ${path}: ${error instanceof Error ? error.message : 'unknown error'}`, 1),
);
if (opened.tornBytes > 0) {
  process.stderr.write(`test processor: dropped a torn last line of the ledger (${opened.tornBytes} bytes)\n`);
}

const note = (text: string): void => void process.stderr.write(`test processor: ${text}\n`);
const webhooks = new Webhooks(Date.now, note);
const options = { opened, keyLifetimeMs, now: Date.now, pause: setTimeout, random: randomBytes, webhooks };
const processor = new TestProcessor(options);
const server = processorServer(processor, keyLifetimeMs);

server.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EADDRINUSE') fail(`port ${port} on 127.0.0.1 is taken; choose another with --port`, 1);
  fail(`cannot listen on 127.0.0.1:${port}: ${error.message}`, 1);
});
server.listen(port, '127.0.0.1', () => {
  const { port: bound } = server.address() as AddressInfo;
  process.stdout.write(`listening http://127.0.0.1:${bound}\n`);
});

let stopping = false;
function stop(): void {
  if (stopping) return;
  stopping = true;
  server.close();
  server.closeAllConnections();
  webhooks.close();
  opened.ledger.close().then(
    () => process.exit(0),
    () => process.exit(1),
  );
}
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
process.stdin.on('end', stop).on('error', stop).resume();
