// What a pure decision leaves: the next state with the fact to record, or a refusal of the catalogue.

import type { ErrorCode } from '../../../contract/capabilities.ts';
import type { EventType } from '../../../contract/kernel/vocabulary.ts';

/** `fact` is null where there is nothing that anyone must hear of. */
export interface Change<T> {
  readonly next: T;
  readonly fact: EventType | null;
}

export interface Refused {
  readonly refused: ErrorCode;
}
