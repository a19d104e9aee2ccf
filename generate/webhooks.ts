// The `webhooks` of the OpenAPI document: the request that receivers get, for each type of event. Its body is the public
// Event and nothing else.

import { eventExamples } from '../contract/capabilities.ts';
import { apiVersions } from '../contract/kernel/api_versions.ts';
import { jsonMediaType } from '../contract/kernel/headers.ts';
import { events, type SentEvent } from '../contract/kernel/vocabulary.ts';
import { webhookLimits as limits } from '../contract/webhooks/limits.ts';
import type { Document, Parameter, Reference, Response, WebhookObject } from '../lambdas/docs/document.ts';
import { signatureHeaders } from '../sdk/vectors.ts';
import { namedSchemas } from './schemas.ts';
import { eventExample, sentEvents } from './sent_events.ts';

const pascal = (text: string): string => text.replaceAll(/(?:^|[_.])(\w)/g, (_, first: string) => first.toUpperCase());

/** No endpoint has this secret. It is published, so that anybody can check the signatures of the examples. */
const exampleSecret = `whsec_${Buffer.from('an example and no secret of ours').toString('base64')}`;
const example = eventExample('payment.captured');
const signed = signatureHeaders(
  { id: example.id, timestampSeconds: Date.parse(example.occurred_at) / 1000, body: JSON.stringify(example) },
  [exampleSecret],
);
const exampleNote = `The example is that of "payment.captured" under the secret "${exampleSecret}".`;

const header = (name: string, value: string, description: string): Parameter => ({
  name,
  in: 'header',
  required: true,
  description,
  example: value,
  schema: { type: 'string' },
});

export const webhookParameters: Readonly<Record<string, Parameter>> = {
  WebhookId: header(
    'webhook-id',
    signed['webhook-id'],
    'The id of the event: the same in every attempt and in a replay.',
  ),
  WebhookTimestamp: header(
    'webhook-timestamp',
    signed['webhook-timestamp'],
    'When this attempt was signed, in seconds since 1970.',
  ),
  WebhookSignature: header(
    'webhook-signature',
    signed['webhook-signature'],
    `Standard Webhooks: for each secret that signs, "v1," and the base64 of an HMAC-SHA256 over "<webhook-id>.<webhook-timestamp>.<body>", keyed with the bytes that the base64 in the secret stands for; separated by spaces. ${exampleNote}`,
  ),
  StrongroomSignature: header(
    'strongroom-signature',
    signed['strongroom-signature'],
    `"t=" and the same time; for each secret that signs, "v1=" and the hex of an HMAC-SHA256 over "<t>.<body>", keyed with the whole text of the secret; separated by commas. ${exampleNote}`,
  ),
  StrongroomVersion: header('strongroom-version', apiVersions[0], 'The version of the API that the endpoint names.'),
};

/** The answers of receivers, and what follows from each. */
export const webhookResponses: Readonly<Record<string, Response>> = {
  webhook_accepted: {
    description: `The event is delivered, if the answer comes within ${limits.attemptMs / 1000} s. The delivery shows what the answer says.`,
  },
  webhook_endpoint_gone: { description: 'The endpoint is gone: it is disabled, and nothing more is sent to it.' },
  webhook_not_accepted: { description: 'The event is not delivered: it is sent again. Redirects are not followed.' },
};

const schemaOf = (type: SentEvent): Reference => {
  const { schema, data } = eventExamples[type];
  const name = schema ?? pascal(data.object);
  if (namedSchemas[name] === undefined) throw new Error(`generate/webhooks.ts: ${type} has no schema ${name}`);
  return { $ref: `#/components/schemas/${name}` };
};

const webhookOf = (type: SentEvent): WebhookObject => ({
  operationId: `on${pascal(type)}`,
  tags: ['events'],
  summary: type,
  description: eventExamples[type].happens,
  security: [],
  parameters: Object.keys(webhookParameters).map((name) => ({ $ref: `#/components/parameters/${name}` })),
  requestBody: {
    required: true,
    content: {
      [jsonMediaType]: {
        schema: {
          allOf: [
            { $ref: '#/components/schemas/Event' },
            {
              properties: {
                type: { const: type },
                aggregate_type: { const: events[type] },
                data: schemaOf(type),
              },
            },
          ],
        },
        example: eventExample(type),
      },
    },
  },
  responses: {
    '2XX': { $ref: '#/components/responses/webhook_accepted' },
    410: { $ref: '#/components/responses/webhook_endpoint_gone' },
    default: { $ref: '#/components/responses/webhook_not_accepted' },
  },
});

export const webhooks = (): Document['webhooks'] =>
  Object.fromEntries(sentEvents.map((type) => [type, { post: webhookOf(type) }]));
