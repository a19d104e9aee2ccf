// The one route without an API key: providers call it, and sign their requests themselves. It is not in the operation table,
// because its caller is none of ours and its body has no schema of ours.

import type { ProviderName } from '../connections/connection.ts';
import { ingressLimits } from './limits.ts';

export const ingress = {
  id: 'ingress/receive',
  method: 'POST',
  path: '/v1/ingress/{provider}/{connection_id}',
  function: 'processor_webhooks',
  slo: 'ingress',
  bodyBytes: ingressLimits.bodyBytes,
} as const satisfies {
  readonly method: 'POST';
  readonly path: `/v1/${string}`;
  readonly function: string;
  readonly [more: string]: unknown;
};

/** The address for a provider's webhooks. `baseUrl` ends with the version that the path begins with. */
export const ingressUrl = (baseUrl: string, provider: ProviderName, connection: string): string =>
  `${baseUrl}/ingress/${provider}/${connection}`;
