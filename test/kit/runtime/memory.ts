// The runtime in memory: AWS answered at the SDK's first step (test/kit/aws), the test processor's own rules and ledger
// behind the same HTTP server, in this process. It opens in milliseconds, which is what a thousand mutants need.

import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { testProcessorLimits } from '../../../contract/processors/limits.ts';
import { readConfig } from '../../../lambdas/kernel/platform/config.ts';
import type { Platform } from '../../../lambdas/kernel/platform/platform.ts';
import { listen } from '../../../local/host/ports.ts';
import type { Entry } from '../../../processor/entry.ts';
import { TestProcessor } from '../../../processor/processor.ts';
import { processorServer } from '../../../processor/server.ts';
import { answeredClients } from '../aws/answered.ts';
import { environment } from '../aws/environment.ts';
import { memoryAws } from '../aws/memory.ts';
import { onlyRegion } from '../aws/writer.ts';
import { type Line, type RuntimeFixture, streamOf } from './runtime_fixture.ts';

export async function openRuntime(): Promise<RuntimeFixture> {
  const aws = memoryAws({ now: Date.now, random: (bytes) => randomBytes(bytes) });
  const clients = answeredClients(async (call) => aws.answer(call));
  const keyLifetimeMs = testProcessorLimits.idempotencyKeyLifetimeMs;
  const entries: Entry[] = [];
  const ledger = { append: () => Promise.resolve(), flushed: () => Promise.resolve() };
  const processor = new TestProcessor({
    opened: { entries, ledger },
    keyLifetimeMs,
    now: Date.now,
    pause,
    random: randomBytes,
  });
  const server = processorServer(processor, keyLifetimeMs);
  const provider = `http://127.0.0.1:${await listen(server, { what: 'the test processor' })}`;
  const lines: Line[] = [];
  let aheadMs = 0;
  const platform: Platform = {
    clock: () => Date.now() + aheadMs,
    config: readConfig(environment('runtime', provider)),
    random: (bytes) => randomBytes(bytes),
    sleep: (ms) => pause(ms),
    ...clients,
    log: (message, fields) => lines.push({ message, fields }),
    meter: () => {},
    writer: onlyRegion,
  };
  return {
    platform,
    provider,
    lines,
    published: aws.published,
    records: (table) => streamOf(table, (_, operation, input) => aws.database.call(operation, input)),
    advance(ms) {
      aheadMs += ms;
    },
    async stop() {
      for (const each of Object.values(clients)) each.destroy();
      server.closeAllConnections();
      server.close();
    },
  };
}
