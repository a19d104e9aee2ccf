// Functions of rotation: each is a trust boundary, and its row all that it may do.

import { asksForWriter, type FunctionRow, rewraps } from '../kernel/function.ts';
import { rewrapLimits, rotationLimits } from './limits.ts';

export const functions = {
  rotator: {
    purpose: 'adds new versions to platform secrets, and retires those that nothing stored names any more',
    impact: 'platform secrets grow older than is promised; everything that they protect goes on',
    trigger: { kind: 'rotation', secrets: ['peppers', 'digests'] },
    memoryMiB: 512,
    timeoutMs: rotationLimits.functionTimeoutMs,
    network: 'isolated',
    tables: [{ table: 'tenants', verbs: ['Scan'], attributes: ['secret_hmac'], countsOnly: true }],
    keys: {},
    secrets: ['peppers', 'digests'],
  },
  rewrapper: {
    purpose: 'wraps data keys again after a rotation of what wraps them, and can open none',
    impact: 'data keys stay wrapped under older material of their KMS keys; everything goes on being opened',
    trigger: { kind: 'schedule', everyMinutes: rewrapLimits.everyMinutes },
    memoryMiB: 512,
    timeoutMs: rewrapLimits.functionTimeoutMs,
    network: 'isolated',
    // Two runs at once would work on the same rows at twice the rate.
    reservedConcurrency: 1,
    tables: [
      asksForWriter,
      { table: 'data_keys', verbs: ['Scan'] },
      { table: 'data_keys', verbs: ['UpdateItem'], attributes: ['pk', 'sk', 'wrapped', 'wrapped_at'] },
      { table: 'maintenance', verbs: ['Query', 'PutItem'] },
    ],
    keys: { tenant: rewraps, pii: rewraps, secrets: rewraps },
    secrets: [],
    // It goes on by itself an hour later, so one run that fails is no reason to page.
    failureAlarm: {
      message: 'rewrap_failed',
      when: 'the rewrapper meets a key or a row that it cannot work on',
      periodMinutes: rewrapLimits.everyMinutes,
      periods: 3,
    },
    countedMessages: ['rewrap_overdue'],
  },
} as const satisfies Record<string, FunctionRow>;
