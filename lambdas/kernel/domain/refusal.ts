// The two things that may be thrown: a refusal is expected and comes from the catalogue; a defect is a bug of ours.

import type { ErrorCode } from '../../../contract/capabilities.ts';

/** One finding about the request: `pointer` into its body (RFC 6901), or the name of a query parameter or header. */
export interface Finding {
  readonly pointer?: string;
  readonly parameter?: string;
  readonly header?: string;
  readonly detail: string;
}

export interface RefusalDetails {
  readonly findings?: readonly Finding[];
  readonly retryAfterSeconds?: number;
  /** Where the zone that was meant answers. */
  readonly baseUrl?: string | undefined;
  readonly requiredScopes?: readonly string[];
  /** Methods that the path takes. */
  readonly allow?: readonly string[];
}

export class Refusal extends Error {
  readonly code: ErrorCode;
  readonly details: RefusalDetails;

  constructor(code: ErrorCode, details: RefusalDetails = {}) {
    super(code);
    this.name = 'Refusal';
    this.code = code;
    this.details = details;
  }
}

/** What was asked for cannot be known or done now; the same request may be sent again. */
export const unavailable = (retryAfterSeconds = 1): Refusal => new Refusal('unavailable', { retryAfterSeconds });

/** Answered with an empty 500. Its message is written here, in the code, and holds no value of the request. */
export class Defect extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Defect';
  }
}

/** What a log may hold of something thrown: never another's words, which may hold values of the request. */
export const defectOf = (error: unknown): string =>
  error instanceof Defect ? error.message : error instanceof Error ? error.name : 'unknown';
