// The URL of a webhook endpoint, and why one is refused. Whether its host is public is not a matter of form: that is
// judged in lambdas/webhooks/http/endpoint_url.ts.

import * as v from 'valibot';

export const endpointUrlLimits = {
  urlChars: 2_048,
  /**
   * Few, because the security group of deliveries lets out these and nothing else (promise NET-1): HTTPS and its
   * customary alternative.
   */
  ports: [443, 8443],
} as const;

export const EndpointUrl = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(endpointUrlLimits.urlChars, `Expected at most ${endpointUrlLimits.urlChars} characters`),
);

/** What a caller is told. */
export const urlRefusals = {
  malformed: 'Expected an absolute URL without spaces, backslashes or control characters',
  too_long: `Expected a URL that has at most ${endpointUrlLimits.urlChars} characters when it is encoded`,
  not_https: 'Expected a URL that begins with https://',
  user_info: 'Expected a URL without user name and password',
  fragment: 'Expected a URL without a fragment (#)',
  port: `Expected one of the ports ${endpointUrlLimits.ports.join(', ')}`,
  host: 'Expected a full domain name such as hooks.example.com, without a dot at its end, or a public IP address',
  special_use: 'Expected a public domain name: this one is reserved for special or private use',
  address_not_public: 'Expected a public address: private, local and reserved ones are never called',
} as const;

export type UrlRefusal = keyof typeof urlRefusals;
