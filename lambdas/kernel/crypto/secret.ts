// Secret<T>: a value that cannot be printed. Logs, JSON, templates and the inspector all show `[secret]`.

import { timingSafeEqual } from 'node:crypto';

const shown = '[secret]';

export class Secret<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  /** The only way out; every use of it is a place to review. */
  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return shown;
  }

  toJSON(): string {
    return shown;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return shown;
  }
}

/** Constant-time for equal lengths; the lengths of our digests are no secret. */
export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b);
