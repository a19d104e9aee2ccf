// What a capability says of its queues.

import type { DataClass } from './data_class.ts';

export interface Queue {
  readonly holds: string;
  readonly dataClass: DataClass;
  /** For so long a message that somebody works on is nobody else's. */
  readonly visibilityMs: number;
  readonly retentionDays: number;
  /** A message that failed so often is dead-lettered, with an alarm. */
  readonly receives: number;
  /**
   * A message may follow from a message that followed from a message …: so many after the first, and no more. What is still to
   * be done then rests in rows, and the schedule begins with it anew. Lambda stops a function that was invoked some 16 times in
   * one chain (Lambda developer guide, "Use Lambda recursive loop detection to prevent infinite loops", read December 2026).
   */
  readonly hopsMax: number;
}
