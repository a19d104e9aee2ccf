// Headers that every answer bears, whether the pipeline or the gateway makes it.

export const problemMediaType = 'application/problem+json';
export const jsonMediaType = 'application/json';
export const requestIdHeader = 'X-Request-Id';
/** With which a payer's browser names the payment that it may see. */
export const clientSecretHeader = 'Strongroom-Client-Secret';

/**
 * Fetch standard, "CORS protocol": any page may read what its own publishable key and its payer's secret let it read. No cookie is ever
 * taken, so nothing is read that the page could not have asked for by itself.
 */
export const corsHeaders = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': `${requestIdHeader}, Retry-After`,
} as const;

/** Of the answer to a preflight. A browser keeps it for no longer than two hours, whatever is said. */
export const preflightHeaders = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Headers': `Authorization, Content-Type, ${clientSecretHeader}`,
  'Access-Control-Max-Age': '600',
} as const;

/** RFC 6797 (promise NET-3), RFC 9111; answers are nobody else's to keep. */
export const answerHeaders = {
  'Strict-Transport-Security': 'max-age=63072000; includeSubDomains; preload',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
} as const;
