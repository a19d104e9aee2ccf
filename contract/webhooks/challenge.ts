// The challenge that an endpoint answers before anything else is sent to it: delivered and signed like an event, and none. It
// holds nothing but a random text, which the answer gives back as JSON or alone.

import * as v from 'valibot';
import { Id, Mode, Timestamp } from '../kernel/fields.ts';

export const challengeType = 'webhook_endpoint.verification';

/** In the form of an event's envelope, so that whatever verifies an event verifies it. */
export const WebhookChallenge = v.object({
  id: Id('webhook_challenge'),
  object: v.literal('webhook_challenge'),
  mode: Mode,
  type: v.literal(challengeType),
  occurred_at: Timestamp,
  tenant_id: v.string(),
  aggregate_type: v.literal('webhook_endpoint'),
  aggregate_id: Id('webhook_endpoint'),
  sequence: v.literal(0),
  data: v.object({ object: v.literal('webhook_challenge'), challenge: v.string() }),
});
