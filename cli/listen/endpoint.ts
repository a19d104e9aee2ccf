// The endpoint through which `strongroom listen` is delivered to: made once, with a secret that stays the same as long as
// the state folder lives. The secret is in the reply that makes the endpoint and nowhere else, so it is kept here, readable
// by its owner alone.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { eventFilters } from '../../contract/webhooks/endpoint.ts';
import { writeAtomically } from '../../local/storage/state.ts';
import type { CreateWebhookEndpoint, Strongroom, WebhookEndpoint } from '../../sdk/src/index.ts';

export type EventFilter = NonNullable<CreateWebhookEndpoint['events']>[number];
export const isEventFilter = (text: string): text is EventFilter => eventFilters.includes(text);

export interface ListenEndpoint {
  readonly id: string;
  readonly secret: string;
}

const mark = { made_by: 'strongroom listen' } as const;
const isOurs = ({ metadata }: WebhookEndpoint): boolean => metadata.made_by === mark.made_by;

/** By endpoint, of whichever tenant. */
const Secrets = v.object({ secrets: v.record(v.string(), v.string()) });
type Secrets = v.InferOutput<typeof Secrets>['secrets'];

const fileIn = (state: string): string => join(state, 'listen.json');

/** A file that cannot be read is none: another endpoint is made. */
async function readSecrets(state: string): Promise<Secrets> {
  const text = await readFile(fileIn(state), 'utf8').catch(() => '');
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), Secrets), text);
  return parsed.success ? parsed.output.secrets : {};
}

/** Finds it or makes it, enabled, at `url`, for `events`. */
export async function provideEndpoint(
  client: Strongroom,
  state: string,
  { url, events }: { readonly url: string; readonly events: readonly EventFilter[] },
): Promise<ListenEndpoint> {
  const secrets = await readSecrets(state);
  let known: ListenEndpoint | undefined;
  for await (const endpoint of client.webhookEndpoints.list({ limit: 100 })) {
    const secret = secrets[endpoint.id];
    if (secret !== undefined) {
      known = { id: endpoint.id, secret };
      // Whoever listened last was killed. An endpoint that is enabled begins anew, whatever was held against it.
      if (endpoint.status === 'enabled') await restEndpoint(client, known);
    }
    // We died before its secret was kept: nobody can verify what it would deliver.
    else if (isOurs(endpoint)) await client.webhookEndpoints.delete(endpoint.id);
  }
  if (known !== undefined) {
    await client.webhookEndpoints.update(known.id, { url, events, status: 'enabled' });
    return known;
  }
  const { id, secret } = await client.webhookEndpoints.create({ url, events, metadata: mark });
  if (secret === null) throw new Error('an endpoint was made without telling its secret');
  await writeAtomically(fileIn(state), `${JSON.stringify({ secrets: { ...secrets, [id]: secret } }, null, 2)}\n`);
  return { id, secret };
}

/** Nobody listens: what happens meanwhile is parked, and delivered when somebody listens again. */
export const restEndpoint = (client: Strongroom, { id }: ListenEndpoint): Promise<unknown> =>
  client.webhookEndpoints.update(id, { status: 'disabled' });

/** The endpoint that listens now; undefined: nobody does. */
export async function listeningEndpoint(client: Strongroom): Promise<WebhookEndpoint | undefined> {
  for await (const endpoint of client.webhookEndpoints.list({ limit: 100 })) {
    if (isOurs(endpoint) && endpoint.status === 'enabled') return endpoint;
  }
  return undefined;
}
