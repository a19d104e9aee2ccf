// Deliveries in their public form: what receivers answered lies sealed in their rows and is opened for callers who may read it.

import type { Keyring } from '../kernel/crypto/keyring.ts';
import type { Delivery } from './domain/delivery.ts';
import { responseContext } from './store/deliveries.ts';

/** The delivery with its receivers' answers in the clear. Throws `DecryptionError`. */
export async function withResponses(delivery: Delivery, keyring: Pick<Keyring, 'open'>) {
  const attempts = delivery.attempts.map(async (attempt) => ({
    ...attempt,
    response: attempt.response && (await keyring.open(attempt.response, responseContext(delivery, attempt.number))),
  }));
  return { ...delivery, attempts: await Promise.all(attempts) };
}
