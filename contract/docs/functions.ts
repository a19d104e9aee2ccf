// Functions of the documentation: each is a trust boundary, and its row all that it may do.

import type { FunctionRow } from '../kernel/function.ts';

export const functions = {
  docs: {
    purpose: 'shows the documentation; may do nothing else',
    impact: 'the API’s documentation cannot be read',
    trigger: { kind: 'api' },
    memoryMiB: 256,
    timeoutMs: 3_000,
    network: 'isolated',
    // Anybody may call it: a flood of readers leaves the rest of the account to those who move money.
    reservedConcurrency: 50,
    tables: [],
    keys: {},
    secrets: [],
  },
} as const satisfies Record<string, FunctionRow>;
