// Headers that every answer bears, whether the pipeline or the gateway makes it.

export const problemMediaType = 'application/problem+json';
export const jsonMediaType = 'application/json';
export const requestIdHeader = 'X-Request-Id';

/** RFC 6797 (promise NET-3), RFC 9111; answers are nobody else's to keep. */
export const answerHeaders = {
  'Strict-Transport-Security': 'max-age=63072000; includeSubDomains; preload',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
} as const;
