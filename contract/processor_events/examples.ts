// Processor events have no operation of the table and no event of their own so far: one that is added here needs an example.

import type { Examples } from '../kernel/examples.ts';
import type * as ingress from './ingress.ts';

export const processorEventExamples = { operations: {}, events: {} } satisfies Examples<typeof ingress>;
