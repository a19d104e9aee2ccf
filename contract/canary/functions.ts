// The function that looks at the zone's other region from outside: a trust boundary, and its row all that it may do.

import type { FunctionRow } from '../kernel/function.ts';
import { canaryLimits } from './limits.ts';

export const functions = {
  canary: {
    purpose: 'asks the other region of the zone whether it answers, by its public address',
    impact: 'the other region of the zone does not answer; of the home, its address follows to the second region',
    trigger: { kind: 'schedule', everyMinutes: canaryLimits.everyMinutes },
    memoryMiB: 256,
    timeoutMs: canaryLimits.functionTimeoutMs,
    network: 'egress',
    callsOtherRegion: true,
    tables: [],
    keys: {},
    secrets: [],
    countedMessages: ['other_region_unhealthy'],
  },
} as const satisfies Record<string, FunctionRow>;
