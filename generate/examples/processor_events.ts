// Processor events have no operation of the table and no event of their own so far: one that is added here needs an example.

import type * as ingress from '../../contract/processor_events/ingress.ts';
import type { Examples } from './kernel.ts';

export const processorEventExamples = { operations: {}, events: {} } satisfies Examples<typeof ingress>;
