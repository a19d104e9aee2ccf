// The endpoint in a call's path; one that was deleted is not there any more.

import { Refusal } from '../domain/refusal.ts';
import type { WebhookEndpoint } from '../domain/webhook_endpoint.ts';
import { memberOf } from '../handlers/caller.ts';
import type { Identity } from '../handlers/handler.ts';
import type { StorePlatform } from '../store/commit.ts';
import { endpointRow, loadOwned } from '../store/webhooks.ts';

export async function readEndpoint(
  platform: StorePlatform,
  call: { readonly identity: Identity; readonly params: Readonly<Record<string, string>> },
): Promise<WebhookEndpoint> {
  const id = call.params.webhook_endpoint_id ?? '';
  const found = await loadOwned(platform, endpointRow, memberOf(call.identity), id);
  if (found === undefined || found.value.status === 'deleted') throw new Refusal('webhook_endpoint_not_found');
  return found.value;
}
