import type { Aftermath } from './aftermath.ts';
import type { History } from './history.ts';

/** What must hold of a world after its end: a sentence for each violation. */
export type Rule = (left: Aftermath, history: History) => string[];
