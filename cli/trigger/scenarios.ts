// Which events can be triggered, and by which calls: the same that any merchant makes, with the payment methods of the test
// mode. Each scenario resolves with the id of the object that its event shows.

import type { EventType } from '../../contract/kernel/vocabulary.ts';
import type { CreatePayment, Payment, Strongroom } from '../../sdk/src/index.ts';
import { Usage } from '../command_line.ts';
import { listeningEndpoint } from '../listen/endpoint.ts';

export interface Scenario {
  readonly does: string;
  readonly play: (client: Strongroom) => Promise<string>;
}

const pay = (client: Strongroom, more: Partial<CreatePayment> = {}): Promise<Payment> =>
  client.payments.create({ amount: 1999, currency: 'EUR', payment_method: 'pm_test_visa', ...more });

const payment = (does: string, more: Partial<CreatePayment> = {}): Scenario => ({
  does,
  play: async (client) => (await pay(client, more)).id,
});

const manual = { capture_method: 'manual' } as const;

const charge = payment('charges a card');

const capture: Scenario = {
  does: 'authorizes a payment and captures it',
  play: async (client) => (await client.payments.capture((await pay(client, manual)).id)).id,
};

const refund = (does: string, payment_method: string): Scenario => ({
  does,
  play: async (client) =>
    (await client.payments.refund((await pay(client, { payment_method })).id, { amount: 500 })).id,
});

const release: Scenario = {
  does: 'authorizes a payment and voids it',
  play: async (client) => (await client.payments.void((await pay(client, manual)).id)).id,
};

const partRefund = refund('charges a card and refunds a part', 'pm_test_visa');

const makeKey = (client: Strongroom) => client.keys.create({ name: 'triggered', scopes: ['payments:read'] });

/** An endpoint to which nothing is delivered: its tenant was created long ago. */
const endpoint = (
  does: string,
  act: (client: Strongroom, id: string) => Promise<{ readonly id: string }> = async (_, id) => ({ id }),
): Scenario => ({
  does: `makes a webhook endpoint${does}, and deletes it`,
  async play(client) {
    const url = 'https://hooks.example.com/triggered';
    const { id } = await client.webhookEndpoints.create({ url, events: ['tenant.created'] });
    try {
      return (await act(client, id)).id;
    } finally {
      await client.webhookEndpoints.delete(id);
    }
  },
});

const plainEndpoint = endpoint('');

export const scenarios: Readonly<Partial<Record<EventType, Scenario>>> = {
  'payment.created': charge,
  'payment.captured': charge,
  'payment.authorized': payment('authorizes a card', manual),
  'payment.failed': payment('charges a card that is declined', { payment_method: 'pm_test_declined' }),
  'payment.requires_action': payment('charges a card whose issuer challenges its holder', {
    payment_method: 'pm_test_3ds',
  }),
  'payment.requires_approval': payment('charges a card that is reviewed', { payment_method: 'pm_test_review' }),
  'payment.pending': payment('charges a payment method that is confirmed late', {
    payment_method: 'pm_test_late_webhook',
  }),
  'capture.created': capture,
  'capture.succeeded': capture,
  'refund.created': partRefund,
  'refund.succeeded': partRefund,
  'refund.failed': refund('charges a card and tries a refund that fails', 'pm_test_refund_fails'),
  'void.created': release,
  'void.succeeded': release,
  'key.created': { does: 'makes a key', play: async (client) => (await makeKey(client)).id },
  'key.rotated': {
    does: 'makes a key and rotates it',
    play: async (client) => (await client.keys.rotate((await makeKey(client)).id)).id,
  },
  'key.revoked': {
    does: 'makes a key and revokes it',
    play: async (client) => (await client.keys.revoke((await makeKey(client)).id)).id,
  },
  'webhook_endpoint.created': plainEndpoint,
  'webhook_endpoint.updated': endpoint(', disables it', (client, id) =>
    client.webhookEndpoints.update(id, { status: 'disabled' }),
  ),
  'webhook_endpoint.secret_rotated': endpoint(', rotates its secret', (client, id) =>
    client.webhookEndpoints.rotateSecret(id),
  ),
  'webhook_endpoint.deleted': plainEndpoint,
  'webhook_endpoint.tested': {
    does: 'tests the endpoint of strongroom listen',
    async play(client) {
      const listening = await listeningEndpoint(client);
      if (listening === undefined) throw new Usage('strongroom listen does not run: start it first.');
      return (await client.webhookEndpoints.test(listening.id)).id;
    },
  },
};
