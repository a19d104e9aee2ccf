// Endpoints and deliveries in their public form: what lies sealed in their rows is opened for whoever may read them.

import { Delivery as PublicDelivery } from '../../contract/webhooks/delivery.ts';
import { WebhookEndpoint as PublicEndpoint } from '../../contract/webhooks/endpoint.ts';
import type { Keyring } from '../kernel/crypto/keyring.ts';
import { withOpenFields } from '../kernel/crypto/sealed_fields.ts';
import { serialize } from '../kernel/operation/serialize.ts';
import type { Delivery } from './domain/delivery.ts';
import type { WebhookEndpoint } from './domain/webhook_endpoint.ts';
import { responseContext } from './store.ts';

type Opening = Pick<Keyring, 'open'>;

export const toPublicEndpoint =
  (keyring: Opening) =>
  async (endpoint: WebhookEndpoint): Promise<string> =>
    serialize(PublicEndpoint, await withOpenFields(keyring, endpoint));

/** The delivery with its receivers' answers in the clear. Throws `Unopenable`. */
export async function withResponses(keyring: Opening, delivery: Delivery) {
  const attempts = delivery.attempts.map(async (attempt) => ({
    ...attempt,
    response: attempt.response && (await keyring.open(attempt.response, responseContext(delivery, attempt.number))),
  }));
  return { ...delivery, attempts: await Promise.all(attempts) };
}

export const toPublicDelivery =
  (keyring: Opening) =>
  async (delivery: Delivery): Promise<string> =>
    serialize(PublicDelivery, await withResponses(keyring, delivery));
