// The webhook endpoint of `strongroom listen`: created once, with a secret that stays the same as long as the state folder
// exists.

import { setTimeout } from 'node:timers/promises';
import { eventFilters } from '../../contract/webhooks/endpoint.ts';
import { readListenSecrets, writeListenSecrets } from '../../local/cloud/listen_secrets.ts';
import type { CreateWebhookEndpoint, Strongroom, WebhookEndpoint } from '../../sdk/src/index.ts';

export type EventFilter = NonNullable<CreateWebhookEndpoint['events']>[number];
export const isEventFilter = (text: string): text is EventFilter => eventFilters.includes(text);

export interface ListenEndpoint {
  readonly id: string;
  readonly secret: string;
}

const mark = { made_by: 'strongroom listen' } as const;
const isOurs = ({ metadata }: WebhookEndpoint): boolean => metadata.made_by === mark.made_by;

/** Finds the endpoint, or creates one where none of ours has a known secret; enabled, at `url`, for `events`. */
export async function provideEndpoint(
  client: Strongroom,
  state: string,
  { url, events }: { readonly url: string; readonly events: readonly EventFilter[] },
): Promise<ListenEndpoint> {
  const secrets = await readListenSecrets(state);
  let known: ListenEndpoint | undefined;
  for await (const endpoint of client.webhookEndpoints.list({ limit: 100 })) {
    const secret = secrets[endpoint.id];
    if (secret !== undefined) {
      known = { id: endpoint.id, secret };
      // The last listener was killed. Disabling and enabling an endpoint resets its failures.
      if (endpoint.status !== 'disabled') await restEndpoint(client, known);
    }
    // A listener died before it stored the secret: nobody can verify what this endpoint would deliver.
    else if (isOurs(endpoint)) await client.webhookEndpoints.delete(endpoint.id);
  }
  if (known !== undefined) {
    await client.webhookEndpoints.update(known.id, { url, events, status: 'enabled' });
    return known;
  }
  const { id, secret } = await client.webhookEndpoints.create({ url, events, metadata: mark });
  if (secret === null) throw new Error('the reply that created the endpoint holds no secret');
  await writeListenSecrets(state, { ...secrets, [id]: secret });
  return { id, secret };
}

/** Disables the endpoint: deliveries are parked until somebody listens again. */
export const restEndpoint = (client: Strongroom, { id }: ListenEndpoint): Promise<unknown> =>
  client.webhookEndpoints.update(id, { status: 'disabled' });

const verification = { looks: 50, pauseMs: 200 } as const;

/** The receiver that is open by now answers the challenge within a moment; where that takes long, deliveries wait for it. */
export async function untilVerified(client: Strongroom, { id }: ListenEndpoint): Promise<void> {
  for (let look = 0; look < verification.looks; look += 1) {
    const { status } = await client.webhookEndpoints.get(id);
    if (status !== 'pending_verification') return;
    await setTimeout(verification.pauseMs);
  }
}

/** The endpoint of the running listener. Undefined: none runs. */
export async function listeningEndpoint(client: Strongroom): Promise<WebhookEndpoint | undefined> {
  for await (const endpoint of client.webhookEndpoints.list({ limit: 100 })) {
    if (isOurs(endpoint) && endpoint.status === 'enabled') return endpoint;
  }
  return undefined;
}
