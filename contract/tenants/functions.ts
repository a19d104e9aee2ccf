// Functions of tenants: each is a trust boundary, and its row all that it may do.

import {
  answersReads,
  asksForWriter,
  type FunctionRow,
  makesDataKeys,
  sealsAndOpens,
  writesAuditEntries,
} from '../kernel/function.ts';

export const functions = {
  authorizer: {
    purpose: 'finds who calls, and with which verdict',
    impact: 'no request is answered',
    trigger: { kind: 'authorizer' },
    memoryMiB: 1024,
    timeoutMs: 5_000,
    network: 'isolated',
    tables: [
      asksForWriter,
      { table: 'tenants', verbs: ['GetItem'] },
      { table: 'tenants', rows: ['key'], verbs: ['UpdateItem'], attributes: ['pk', 'sk', 'last_used_at'] },
    ],
    keys: {},
    secrets: ['peppers'],
    // Its errors are no measure: it refuses unknown callers by one, as API Gateway demands.
    failureAlarm: {
      message: 'authorizer_failed',
      when: 'the authorizer fails (refusing an unknown caller is no failure)',
      periodMinutes: 1,
      periods: 3,
    },
    // It reads the peppers more often than any other, and sees every credential.
    countedMessages: ['secret_overdue', 'credential_unrecognised'],
  },
  tenants_read: {
    purpose: 'reads tenants and API keys',
    impact: 'nobody can read tenants and API keys; everything else goes on',
    ...answersReads,
    tables: [
      { table: 'tenants', verbs: ['GetItem', 'BatchGetItem'] },
      { table: 'tenants', index: 'list', verbs: ['Query'] },
      makesDataKeys,
      writesAuditEntries,
    ],
  },
  tenants: {
    purpose: 'creates and changes tenants and API keys',
    impact: 'tenants and keys cannot be created, rotated or revoked',
    trigger: { kind: 'api' },
    memoryMiB: 1024,
    timeoutMs: 10_000,
    network: 'isolated',
    tables: [
      asksForWriter,
      { table: 'tenants', verbs: ['GetItem', 'BatchGetItem'] },
      // Operators are made by people who deploy, and by no function.
      { table: 'tenants', rows: ['tenant', 'key'], verbs: ['PutItem'] },
      { table: 'tenants', rows: ['capability'], verbs: ['ConditionCheckItem'] },
      makesDataKeys,
      writesAuditEntries,
    ],
    keys: sealsAndOpens,
    secrets: ['peppers', 'digests'],
  },
  business: {
    purpose: 'holds the businesses of tenants, and turns live mode on and off',
    impact: 'no business can be submitted or verified, and no tenant suspended or resumed',
    trigger: { kind: 'api' },
    memoryMiB: 1024,
    timeoutMs: 10_000,
    network: 'isolated',
    tables: [
      asksForWriter,
      { table: 'tenants', verbs: ['BatchGetItem'] },
      { table: 'tenants', rows: ['tenant', 'capability'], verbs: ['PutItem'] },
      makesDataKeys,
      writesAuditEntries,
    ],
    // It alone reads who owns and directs a business.
    keys: { ...sealsAndOpens, pii: ['GenerateDataKey', 'Decrypt'] },
    secrets: ['digests'],
  },
  usage_key_provisioner: {
    purpose: 'gives each new tenant its own rate limits',
    impact: 'new tenants share one set of rate limits',
    trigger: { kind: 'streams', tables: ['tenants'], batchRecords: 10 },
    memoryMiB: 512,
    timeoutMs: 60_000,
    network: 'egress',
    // API Gateway takes 5 CreateApiKey a second (API Gateway quotas, read 2026-11).
    reservedConcurrency: 1,
    tables: [],
    keys: {},
    secrets: [],
    makesUsageKeys: true,
  },
} as const satisfies Record<string, FunctionRow>;
