// Functions of processors' events: each is a trust boundary, and its row all that it may do.

import {
  asksForWriter,
  type FunctionRow,
  makesDataKeys,
  newlyReceived,
  sealsAndOpens,
  writesAuditEntries,
} from '../kernel/function.ts';
import { slo } from '../kernel/slo.ts';
import { ingressThrottle, processorEventLimits } from './limits.ts';

export const functions = {
  processor_webhooks: {
    purpose: 'receives the webhooks of payment processors, once their signature is verified',
    impact: 'processors are not answered and send again later; payments that wait for them are settled late',
    trigger: { kind: 'api' },
    memoryMiB: 1024,
    timeoutMs: 5_000,
    network: 'isolated',
    // Anybody may call it, and processors repeat what was not answered: as many as its throttle keeps busy at its p99.
    reservedConcurrency: Math.ceil((ingressThrottle.requestsPerSecond * slo.ingress.p99Ms) / 1000),
    namesTestProcessor: true,
    tables: [
      asksForWriter,
      { table: 'providers', verbs: ['GetItem'] },
      { table: 'processor_events', rows: ['event'], verbs: ['PutItem'] },
      makesDataKeys,
      writesAuditEntries,
    ],
    keys: { ...sealsAndOpens, secrets: ['Decrypt'] },
    secrets: [],
    // Within two periods, what a processor repeats has failed twice.
    failureAlarm: {
      message: 'ingress_failed',
      when: 'a notification of a processor could not be stored',
      periodMinutes: 5,
      periods: 2,
    },
    // Somebody who guesses the ids of connections.
    countedMessages: ['credential_unrecognised'],
  },
  processor_events: {
    purpose: 'settles payments by the events that their processors sent',
    impact: 'payments whose outcome comes late stay processing until the reconciler asks',
    trigger: {
      kind: 'streams',
      tables: ['processor_events'],
      batchRecords: processorEventLimits.batchRecords,
      // Notifications that have just come: those that wait are the reconciler's.
      eventFilters: { processor_events: newlyReceived },
    },
    memoryMiB: 1024,
    timeoutMs: 60_000,
    network: 'isolated',
    tables: [
      asksForWriter,
      { table: 'processor_events', verbs: ['GetItem', 'PutItem'] },
      { table: 'payments', verbs: ['GetItem', 'BatchGetItem', 'PutItem', 'Query'] },
      makesDataKeys,
    ],
    keys: sealsAndOpens,
    secrets: [],
    failureAlarm: {
      message: 'event_failed',
      when: 'a notification of a processor could not be applied',
      periodMinutes: 5,
      periods: 2,
    },
    countedMessages: ['event_contradicts'],
  },
} as const satisfies Record<string, FunctionRow>;
