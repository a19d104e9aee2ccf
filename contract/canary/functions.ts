// The function that looks at the zone's other region from outside: a trust boundary, and its row all that it may do.

import type { FunctionRow } from '../kernel/function.ts';
import { canaryLimits } from './limits.ts';

export const functions = {
  canary: {
    purpose: 'asks whether the other region of the zone answers by its public address, and which of them takes writes',
    impact: 'the other region of the zone does not answer; of the home, the zone’s address leads to the second region',
    trigger: { kind: 'schedule', everyMinutes: canaryLimits.everyMinutes },
    memoryMiB: 256,
    timeoutMs: canaryLimits.functionTimeoutMs,
    network: 'egress',
    callsOtherRegion: true,
    // A run that hangs ends before the next one starts: two of them would count one failure twice.
    reservedConcurrency: 1,
    tables: [{ table: 'writer', verbs: ['GetItem'] }],
    keys: {},
    secrets: [],
    countedMessages: ['other_region_unhealthy', 'second_region_writes'],
  },
} as const satisfies Record<string, FunctionRow>;
