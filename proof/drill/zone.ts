// A zone to lose and restore: the product's own functions over tables in memory with point-in-time recovery, and the test processor
// with its ledger, by one clock that nothing waits for.

import { randomBytes } from 'node:crypto';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { type Operation, type TableName, tables } from '../../contract/capabilities.ts';
import { variables } from '../../contract/kernel/environment.ts';
import { isRelayed, type Table } from '../../contract/kernel/table.ts';
import { testProcessorLimits } from '../../contract/processors/limits.ts';
import { readConfig } from '../../lambdas/kernel/platform/config.ts';
import type { Platform } from '../../lambdas/kernel/platform/platform.ts';
import { moneyPorts } from '../../lambdas/payments/ports.ts';
import { reconcile } from '../../lambdas/payments/reconcile.ts';
import { relay } from '../../lambdas/relay/relay.ts';
import { listen } from '../../local/host/ports.ts';
import type { Entry } from '../../processor/entry.ts';
import { TestProcessor } from '../../processor/processor.ts';
import { processorServer } from '../../processor/server.ts';
import { apiHandler, everyPort } from '../../test/kit/api_functions.ts';
import { answeredClients, type Clients } from '../../test/kit/aws/answered.ts';
import { environment } from '../../test/kit/aws/environment.ts';
import { type MemoryAws, memoryAws } from '../../test/kit/aws/memory.ts';
import { onlyRegion } from '../../test/kit/aws/writer.ts';
import { caller, type Sent } from '../../test/kit/requests.ts';

export const tableNames = Object.keys(tables) as TableName[];
const random = (bytes: number): Uint8Array => randomBytes(bytes);
const relayed = tableNames.filter((name) => isRelayed(tables[name] as Table));

export type DrilledZone = Awaited<ReturnType<typeof openZone>>;

export async function openZone(startMs: number) {
  let nowMs = startMs;
  const now = (): number => nowMs;
  const aws = memoryAws({ now, random });
  for (const TableName of tableNames) {
    const { recoveryDays } = tables[TableName];
    aws.database.call('UpdateContinuousBackups', {
      TableName,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: recoveryDays },
    });
  }
  const entries: Entry[] = [];
  const ledger = { append: async () => {}, flushed: async () => {} };
  const keyLifetimeMs = testProcessorLimits.idempotencyKeyLifetimeMs;
  const processor = new TestProcessor({
    ...{ opened: { entries, ledger }, keyLifetimeMs, now, random: randomBytes },
    pause: async () => {},
  });
  const server = processorServer(processor, keyLifetimeMs);
  const provider = `http://127.0.0.1:${await listen(server, { what: 'the test processor' })}`;
  const clients = answeredClients(async (call) => aws.answer(call));

  return {
    aws,
    dynamodb: clients.dynamodb,
    /** The product, with its tables under these names. */
    deploy: (named: (table: TableName) => string) => deploy({ aws, clients, provider, now }, named),
    book: processor.book,
    now,
    advance(ms: number): void {
      nowMs += ms;
    },
    async stop(): Promise<void> {
      for (const client of Object.values(clients)) client.destroy();
      server.closeAllConnections();
      server.close();
    },
  };
}

interface Machine {
  readonly aws: MemoryAws;
  readonly clients: Clients;
  readonly provider: string;
  readonly now: () => number;
}

function deploy({ aws, clients, provider, now }: Machine, named: (table: TableName) => string) {
  const names = Object.fromEntries(tableNames.map((name) => [variables.table(name), named(name)]));
  const platform: Platform = {
    ...{ ...clients, clock: now, random, log: () => {}, meter: () => {}, writer: onlyRegion },
    config: readConfig({ ...environment('drill', provider), ...names }),
    sleep: async () => {},
  };
  const api = caller(apiHandler(() => everyPort(platform)));
  const relayedUpTo = new Map<string, number>();
  return {
    platform,
    ask: (operation: Operation, sent: Sent) => api(operation, sent),
    reconcile: () => reconcile(moneyPorts(platform), 'drill', 55_000),
    /** What the streams have had to say since. */
    async relayAll(): Promise<void> {
      for (const table of relayed) {
        const records = aws.database.stream(named(table)).slice(relayedUpTo.get(table) ?? 0);
        relayedUpTo.set(table, (relayedUpTo.get(table) ?? 0) + records.length);
        if (records.length > 0) await relay(platform)({ Records: records } as unknown as DynamoDBStreamEvent);
      }
    },
  };
}
