// The endpoint in a call's path; one that was deleted is not there any more.

import type { Identity } from '../kernel/operation/call.ts';
import { Refusal } from '../kernel/operation/refusal.ts';
import { tenantScopeOf } from '../kernel/operation/scope.ts';
import type { StorePlatform } from '../kernel/store/commit.ts';
import type { WebhookEndpoint } from './domain/webhook_endpoint.ts';
import { endpointRow, loadOwned } from './store.ts';

export async function readEndpoint(
  platform: StorePlatform,
  call: { readonly identity: Identity; readonly params: Readonly<Record<string, string>> },
): Promise<WebhookEndpoint> {
  const id = call.params.webhook_endpoint_id ?? '';
  const found = await loadOwned(platform, endpointRow, tenantScopeOf(call.identity), id);
  if (found === undefined || found.value.status === 'deleted') throw new Refusal('webhook_endpoint_not_found');
  return found.value;
}
