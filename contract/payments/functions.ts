// Functions of payments: each is a trust boundary, and its row all that it may do.

import {
  answersReads,
  asksForWriter,
  type FunctionRow,
  makesDataKeys,
  replacedByOtherRegion,
  sealsAndOpens,
  writesAuditEntries,
} from '../kernel/function.ts';
import { lostUpdateLimits, moneyLimits, reconcilerLimits } from './limits.ts';

export const functions = {
  payments_read: {
    purpose: 'reads payments, captures, refunds and voids',
    impact: 'nobody can read payments, captures, refunds and voids; everything else goes on',
    ...answersReads,
    tables: [
      { table: 'payments', verbs: ['GetItem', 'BatchGetItem', 'Query'] },
      { table: 'payments', index: 'list', verbs: ['Query'] },
      { table: 'payments', index: 'lookup', verbs: ['Query'] },
      makesDataKeys,
      writesAuditEntries,
    ],
    // Payments are found by their reference, which lies nowhere in the clear.
    secrets: ['digests'],
  },
  money: {
    purpose: 'moves money: creates, captures, refunds and voids payments',
    impact: 'no new payment, capture, refund or void is accepted',
    trigger: { kind: 'api' },
    memoryMiB: 1024,
    timeoutMs: moneyLimits.functionTimeoutMs,
    network: 'egress',
    tables: [
      asksForWriter,
      { table: 'payments', verbs: ['GetItem', 'BatchGetItem', 'PutItem'] },
      { table: 'providers', verbs: ['GetItem'] },
      { table: 'providers', rows: ['health'], verbs: ['PutItem'] },
      // Of a customer what lets it pay, and nothing that is known of the person.
      {
        table: 'subjects',
        verbs: ['BatchGetItem'],
        attributes: ['pk', 'sk', 'tenant', 'mode', 'status', 'details'],
      },
      { table: 'subject_keys', verbs: ['BatchGetItem'] },
      { table: 'tenants', rows: ['capability'], verbs: ['ConditionCheckItem'] },
      { table: 'velocity', verbs: ['UpdateItem'], attributes: ['pk', 'sk', 'count', 'expires_at_s'] },
      makesDataKeys,
      writesAuditEntries,
    ],
    // It opens the credentials of the connection that takes a payment, and the saved method that pays, and seals none.
    keys: { ...sealsAndOpens, pii: ['Decrypt'], secrets: ['Decrypt'] },
    secrets: ['digests'],
    // It reads the digest secret more often than any other.
    countedMessages: ['connection_failed', 'connection_refused', 'operation_unresolved', 'secret_overdue'],
  },
  lost_updates: {
    purpose: 'finds writes to payments that the other region replaced without having seen them',
    impact: 'after a fail-over some payments show less than their processor did; everything else goes on',
    trigger: {
      kind: 'streams',
      tables: ['payments'],
      batchRecords: lostUpdateLimits.batchRecords,
      eventFilters: { payments: replacedByOtherRegion },
    },
    memoryMiB: 512,
    timeoutMs: 30_000,
    network: 'isolated',
    tables: [{ table: 'payments', rows: ['lost_update'], verbs: ['PartiQLInsert'] }],
    keys: {},
    secrets: [],
    countedMessages: ['record_unreadable', 'update_lost'],
  },
  reconciler: {
    purpose: 'settles what crashed or stayed unknown',
    impact: 'payments whose outcome was unknown stay processing',
    trigger: { kind: 'schedule', everyMinutes: reconcilerLimits.everyMinutes },
    memoryMiB: 1024,
    timeoutMs: 55_000,
    network: 'egress',
    // Two runs at once would race each other for the same payments.
    reservedConcurrency: 1,
    tables: [
      asksForWriter,
      { table: 'payments', verbs: ['GetItem', 'BatchGetItem', 'PutItem', 'Query'] },
      { table: 'payments', index: 'due', verbs: ['Query'] },
      { table: 'providers', verbs: ['GetItem'] },
      { table: 'providers', rows: ['health'], verbs: ['PutItem'] },
      { table: 'processor_events', verbs: ['GetItem', 'PutItem'] },
      { table: 'processor_events', index: 'due', verbs: ['Query'] },
      makesDataKeys,
    ],
    // It opens the credentials of the connection that took a payment, and seals none.
    keys: { ...sealsAndOpens, secrets: ['Decrypt'] },
    secrets: [],
    failureAlarm: {
      message: 'reconcile_item_failed',
      when: 'a run could not settle something',
      periodMinutes: 1,
      periods: 5,
    },
    // An event is unmatched after days, so it is this function that gives up on it.
    countedMessages: [
      'connection_failed',
      'connection_refused',
      'operation_unresolved',
      'event_failed',
      'event_contradicts',
      'event_unmatched',
      'update_lost',
    ],
  },
} as const satisfies Record<string, FunctionRow>;
