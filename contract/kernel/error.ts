// What the error catalogue holds of each answer that is not a success (RFC 9457 problem details). Text comes from the
// catalogue and never from an exception.

export interface CatalogueError {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** Whether the same request may succeed later without being changed. */
  readonly retriable: boolean;
}

/** RFC 9457 `type`: the page that explains the code, relative to the API's base URL. */
export const problemType = (code: string): string => `/docs/errors/${code}`;
