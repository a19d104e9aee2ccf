// What events carry of this capability: public forms, without what merchants wrote in their own words. An event holds that
// sealed, as the row does.

import * as v from 'valibot';
import { Delivery, DeliveryAttempt, Replay } from './delivery.ts';
import { WebhookEndpoint, WebhookSecret, WebhookTest } from './endpoint.ts';

/** What receivers answered is shown where the delivery itself is read. */
const Attempt = v.pipe(
  v.omit(DeliveryAttempt, ['response']),
  v.transform((attempt) => ({ ...attempt, response: null })),
);

export const eventObjects = {
  webhook_endpoint: v.omit(WebhookEndpoint, ['description', 'metadata']),
  webhook_secret: WebhookSecret,
  webhook_test: WebhookTest,
  delivery: v.object({ ...Delivery.entries, attempts: v.array(Attempt) }),
  replay: Replay,
};
