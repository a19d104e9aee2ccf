// Functions of webhooks: each is a trust boundary, and its row all that it may do.

import {
  answersReads,
  asksForWriter,
  type FunctionRow,
  makesDataKeys,
  sealsAndOpens,
  writesAuditEntries,
} from '../kernel/function.ts';
import { dispatcherLimits } from './limits.ts';

export const functions = {
  webhooks_read: {
    purpose: 'reads webhook endpoints and deliveries',
    impact: 'nobody can read webhook endpoints and deliveries; everything else goes on',
    ...answersReads,
    tables: [{ table: 'webhooks', verbs: ['GetItem', 'BatchGetItem', 'Query'] }, makesDataKeys, writesAuditEntries],
  },
  webhooks: {
    purpose: 'creates and changes webhook endpoints, and decides about deliveries',
    impact: 'webhook endpoints cannot be changed; what is delivered goes on being delivered',
    trigger: { kind: 'api' },
    memoryMiB: 1024,
    timeoutMs: 10_000,
    network: 'isolated',
    tables: [asksForWriter, { table: 'webhooks', verbs: ['GetItem', 'PutItem'] }, makesDataKeys, writesAuditEntries],
    keys: { ...sealsAndOpens, secrets: ['GenerateDataKey', 'Decrypt'] },
    secrets: ['digests'],
  },
  deliver: {
    purpose: 'attempts webhook deliveries',
    impact: 'webhooks are late; none is lost',
    trigger: { kind: 'queue', queue: 'deliveries', batchMessages: 10, concurrency: 100 },
    memoryMiB: 512,
    timeoutMs: 30_000,
    network: 'egress',
    callsWebhookEndpoints: true,
    tables: [
      asksForWriter,
      { table: 'webhooks', verbs: ['BatchGetItem', 'GetItem', 'PartiQLInsert', 'PutItem', 'UpdateItem'] },
      { table: 'webhooks', index: 'due', verbs: ['Query'] },
      { table: 'events', verbs: ['BatchGetItem', 'Query'] },
      makesDataKeys,
    ],
    // What receivers answer it seals; events it opens to send them.
    keys: { ...sealsAndOpens, secrets: ['Decrypt'] },
    secrets: [],
    sends: ['deliveries'],
    failureAlarm: {
      message: 'deliver_failed',
      when: 'a message of the queue failed by a fault of ours',
      periodMinutes: 1,
      periods: 5,
    },
  },
  dispatcher: {
    purpose: 'puts webhook deliveries into the queue when they fall due',
    impact: 'repeated attempts of webhook deliveries are late; none is lost',
    trigger: { kind: 'schedule', everyMinutes: dispatcherLimits.everyMinutes },
    memoryMiB: 512,
    timeoutMs: 55_000,
    network: 'isolated',
    // Two runs at once would put the same deliveries into the queue.
    reservedConcurrency: 1,
    tables: [asksForWriter, { table: 'webhooks', index: 'due', verbs: ['Query'] }],
    keys: {},
    secrets: [],
    sends: ['deliveries'],
  },
} as const satisfies Record<string, FunctionRow>;
