// Endpoints and deliveries in their public form: what lies sealed in their rows is opened for whoever may read them.

import { Delivery as PublicDelivery } from '../../contract/webhooks/delivery.ts';
import { WebhookEndpoint as PublicEndpoint } from '../../contract/webhooks/endpoint.ts';
import type { Keyring } from '../kernel/crypto/keyring.ts';
import { withTexts } from '../kernel/crypto/sealed_fields.ts';
import { represent } from '../kernel/operation/serialize.ts';
import type { Delivery } from './domain/delivery.ts';
import type { WebhookEndpoint } from './domain/webhook_endpoint.ts';
import { responsePlace } from './store.ts';

type Opening = Pick<Keyring, 'open'>;

export const shownEndpoint =
  (keyring: Opening) =>
  async (endpoint: WebhookEndpoint): Promise<string> =>
    represent(PublicEndpoint, await withTexts(keyring, endpoint));

/** The delivery with its receivers' answers in the clear. Throws `Unopenable`. */
export async function withResponses(keyring: Opening, delivery: Delivery) {
  const attempts = delivery.attempts.map(async (attempt) => ({
    ...attempt,
    response: attempt.response && (await keyring.open(attempt.response, responsePlace(delivery, attempt.number))),
  }));
  return { ...delivery, attempts: await Promise.all(attempts) };
}

export const shownDelivery =
  (keyring: Opening) =>
  async (delivery: Delivery): Promise<string> =>
    represent(PublicDelivery, await withResponses(keyring, delivery));
