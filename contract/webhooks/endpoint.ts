// Webhook endpoints: where a tenant's events are sent. The secret that signs them is shown once, in the reply that makes it.

import * as v from 'valibot';
import { apiVersions } from '../kernel/api_versions.ts';
import { Id, Metadata, Mode, Text, Timestamp } from '../kernel/fields.ts';
import { requestLimits } from '../kernel/limits.ts';
import { type EventType, events, isPlatforms } from '../kernel/vocabulary.ts';
import { EndpointUrl } from './endpoint_url.ts';
import { webhookLimits } from './limits.ts';

const types = (Object.keys(events) as EventType[]).filter((type) => !isPlatforms(events[type]));
const families = [...new Set(types.map((type) => `${type.slice(0, type.indexOf('.'))}.*`))];

/** `*`, a family such as `payment.*`, or one type of the catalogue. */
export const eventFilters: readonly string[] = ['*', ...families, ...types];

const Filters = v.pipe(
  v.array(v.picklist(eventFilters, 'Expected *, a family such as payment.*, or an event type')),
  v.minLength(1, 'Expected at least one event filter'),
  v.maxLength(webhookLimits.eventFilters),
  v.check((list) => new Set(list).size === list.length, 'Expected each event filter once'),
);

const orderings = ['strict', 'none'] as const;
const ApiVersion = v.picklist(apiVersions, 'Expected a published version of the API');
const Ordering = v.picklist(orderings, 'Expected strict or none');

export const CreateWebhookEndpoint = v.strictObject({
  url: EndpointUrl,
  events: v.optional(Filters, ['*']),
  api_version: v.optional(ApiVersion, apiVersions[0]),
  ordering: v.optional(Ordering, 'strict'),
  description: v.optional(Text(requestLimits.descriptionChars)),
  metadata: v.optional(Metadata, {}),
});

export const UpdateWebhookEndpoint = v.strictObject({
  url: v.optional(EndpointUrl),
  events: v.optional(Filters),
  api_version: v.optional(ApiVersion),
  ordering: v.optional(Ordering),
  status: v.optional(v.picklist(['enabled', 'disabled'], 'Expected enabled or disabled')),
  description: v.optional(v.nullable(Text(requestLimits.descriptionChars))),
  metadata: v.optional(Metadata),
});

/** Why an endpoint is disabled: by its tenant, by its own 410, or by too many answers of 4xx in a row. */
export const disabledReasons = ['requested', 'gone', 'rejecting'] as const;

export const WebhookEndpoint = v.object({
  id: Id('webhook_endpoint'),
  object: v.literal('webhook_endpoint'),
  mode: Mode,
  url: v.string(),
  events: v.array(v.string()),
  api_version: v.string(),
  ordering: v.picklist(orderings),
  /** Until its address has answered a challenge nothing else is sent to it; its deliveries are parked. */
  status: v.picklist(['pending_verification', 'enabled', 'disabled', 'deleted']),
  /** Why the last challenge was not answered; null: none failed. */
  verification_failure: v.nullable(v.string()),
  disabled_reason: v.nullable(v.picklist(disabledReasons)),
  /** Of the answers of 4xx in a row that disable it, how many percent it has given. Null: less than half of them. */
  rejecting_percent: v.nullable(v.number()),
  description: v.nullable(v.string()),
  metadata: v.record(v.string(), v.string()),
  created_at: Timestamp,
});

/** `secret` is null in a replay. */
export const CreatedWebhookEndpoint = v.object({ ...WebhookEndpoint.entries, secret: v.nullable(v.string()) });

export const RotateWebhookSecret = v.strictObject({});

export const WebhookSecret = v.object({
  id: Id('webhook_secret'),
  object: v.literal('webhook_secret'),
  mode: Mode,
  webhook_endpoint: Id('webhook_endpoint'),
  created_at: Timestamp,
});

/** `secret` is null in a replay. */
export const CreatedWebhookSecret = v.object({ ...WebhookSecret.entries, secret: v.nullable(v.string()) });

export const VerifyWebhookEndpoint = v.strictObject({});

export const TestWebhookEndpoint = v.strictObject({});

export const WebhookTest = v.object({
  id: Id('webhook_test'),
  object: v.literal('webhook_test'),
  mode: Mode,
  webhook_endpoint: Id('webhook_endpoint'),
  created_at: Timestamp,
});
