// The one route that carries no API key: providers come here, and their own signature tells who they are. It is not in
// the operation table, because it takes no caller of ours and no body of a schema of ours.

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

/** Where a provider is told to come. `baseUrl` ends with the version that the path begins with. */
export const ingressUrl = (baseUrl: string, provider: ProviderName, connection: string): string =>
  `${baseUrl}/ingress/${provider}/${connection}`;
