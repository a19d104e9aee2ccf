// What readers of the documentation are told about webhook endpoints and deliveries, and what a request costs. It must never hold what a row, a
// schema or a limit says already.

import { type Descriptions, type ErrorTexts, notFound } from '../kernel/description.ts';
import type { errors } from './errors.ts';
import type * as operations from './operations.ts';

export const descriptions = {
  resources: {
    webhook_endpoints: {
      title: 'Webhook endpoints',
      about:
        'An endpoint is a public https address to which events are sent, signed. Its secret is shown once, when it is made.',
    },
    replays: {
      title: 'Replays',
      about:
        'A replay delivers the events of a window to an endpoint once more. One runs at a time for each endpoint, at most 200 events a second.',
    },
    deliveries: {
      title: 'Deliveries',
      about:
        'A delivery is one event on its way to one endpoint, with every attempt. Deliveries about one object go out in the order of its events.',
    },
  },
  operations: {
    'webhook_endpoints/create': {
      summary: 'Make a webhook endpoint',
      about:
        'Matching events of the key’s mode are sent to the address, from now on, once it has answered a challenge; until then its deliveries are parked. Keep "secret" at once: it signs every delivery, is shown in this reply only, and is null when the request is repeated.',
    },
    'webhook_endpoints/list': {
      summary: 'List webhook endpoints',
      about: 'The endpoints of the key’s mode, newest first.',
    },
    'webhook_endpoints/get': { summary: 'Read a webhook endpoint', about: 'The endpoint as it is now.' },
    'webhook_endpoints/update': {
      summary: 'Change a webhook endpoint',
      about:
        'Changes what is sent and where to; a new address is verified first. While an endpoint is disabled its deliveries are parked; when it is enabled they go on.',
    },
    'webhook_endpoints/delete': {
      summary: 'Delete a webhook endpoint',
      about:
        'Nothing more is sent to it. What was still to be delivered is canceled. Deleting it again changes nothing.',
    },
    'webhook_endpoints/verify': {
      summary: 'Challenge the address again',
      about:
        'Challenges are sent to the address of an endpoint that is not verified yet, as when it was made. One that is verified stays as it is.',
    },
    'webhook_endpoints/rotate_secret': {
      summary: 'Rotate an endpoint’s secret',
      about:
        'Makes a new secret. For 24 hours deliveries are signed with the old one as well, so that receivers can change over in their own time.',
    },
    'webhook_endpoints/test': {
      summary: 'Send a test event',
      about: 'Sends the event "webhook_endpoint.tested" to this endpoint alone, whatever its event filters.',
    },
    'webhook_endpoints/replay': {
      summary: 'Deliver past events again',
      about:
        'Every matching event that occurred in the window is delivered again, in a delivery of its own. An event keeps its id, so that receivers can tell.',
    },
    'replays/get': { summary: 'Read a replay', about: 'How far it has come, and whether it still runs.' },
    'deliveries/list': {
      summary: 'List the deliveries of an endpoint',
      about: 'Newest first. A page may end early, with a cursor that goes on.',
    },
    'deliveries/get': { summary: 'Read a delivery', about: 'The delivery with every attempt, and what it waits for.' },
    'deliveries/retry': {
      summary: 'Attempt a delivery now',
      about:
        'A delivery that is pending is attempted at once; one that ended is attempted once more. Where an attempt is on its way, that is the one.',
    },
    'deliveries/skip': {
      summary: 'Skip a delivery',
      about: 'It is not attempted again, and what waited behind it goes on. Skipping what has ended changes nothing.',
    },
  },
  costs: {
    'webhook_endpoints/create': { calls: 2, write: 6, read: 1, kms: 0, processor: 0, behind: 2, events: 1 },
    'webhook_endpoints/list': { calls: 2, write: 1, read: 3, kms: 0, processor: 0, behind: 0, events: 0 },
    'webhook_endpoints/get': { calls: 1, write: 1, read: 1, kms: 0, processor: 0, behind: 0, events: 0 },
    'webhook_endpoints/update': { calls: 2, write: 2, read: 1, kms: 0, processor: 0, behind: 2, events: 1 },
    'webhook_endpoints/delete': { calls: 3, write: 6, read: 2, kms: 0, processor: 0, behind: 2, events: 1 },
    'webhook_endpoints/verify': { calls: 3, write: 6, read: 2, kms: 0, processor: 0, behind: 2, events: 1 },
    'webhook_endpoints/rotate_secret': { calls: 2, write: 8, read: 2, kms: 0, processor: 0, behind: 2, events: 1 },
    'webhook_endpoints/test': { calls: 2, write: 8, read: 2, kms: 0, processor: 0, behind: 2, events: 1 },
    'webhook_endpoints/replay': { calls: 2, write: 10, read: 2, kms: 0, processor: 0, behind: 2, events: 1 },
    'replays/get': { calls: 1, write: 1, read: 1, kms: 0, processor: 0, behind: 0, events: 0 },
    'deliveries/list': { calls: 2, write: 1, read: 5, kms: 0, processor: 0, behind: 0, events: 0 },
    'deliveries/get': { calls: 1, write: 1, read: 1, kms: 0, processor: 0, behind: 0, events: 0 },
    'deliveries/retry': { calls: 3, write: 4, read: 2, kms: 0, processor: 0, behind: 2, events: 1 },
    'deliveries/skip': { calls: 2, write: 3, read: 1, kms: 0, processor: 0, behind: 2, events: 1 },
  },
  fields: {
    'CreateWebhookEndpoint.url':
      'A public https address. Redirects are not followed. Put no secret into it: it is kept in the clear, and signatures tell our deliveries from others.',
    'CreateWebhookEndpoint.events': '"*", a family such as "payment.*", or types of the event catalogue. Absent: all.',
    'CreateWebhookEndpoint.api_version': 'The form in which events are sent. Absent: the newest, which then stays.',
    'CreateWebhookEndpoint.ordering':
      '"strict": events of one object in their order, each after the one before it. "none": none waits.',
    'CreateWebhookEndpoint.description': 'Free text for your own eyes.',
    'CreateWebhookEndpoint.metadata': 'Up to 50 values of your own.',
    'UpdateWebhookEndpoint.status': '"enabled" resumes what was parked.',
    'UpdateWebhookEndpoint.metadata': 'Replaces all values.',
    'WebhookEndpoint.status':
      '"pending_verification": nothing but challenges is sent to its address until one is answered.',
    'WebhookEndpoint.verification_failure':
      'Why the last challenge was not answered: a reason as of a delivery’s attempt, or "challenge" where a 2xx did not give it back.',
    'WebhookEndpoint.disabled_reason': 'Who or what disabled it; null while it is enabled.',
    'WebhookEndpoint.rejecting_percent':
      'How much of the way to being disabled answers of 4xx have brought it; null below one half.',
    'CreatedWebhookEndpoint.secret': 'Shown once: null when the request is repeated.',
    'CreatedWebhookSecret.secret': 'Shown once: null when the request is repeated.',
    'Delivery.status': 'Where it stands. "blocked" waits for the delivery in "blocked_by".',
    'Delivery.event_sequence': 'The event’s own: deliveries about one object go out in this order.',
    'Delivery.due_at': 'When it is attempted next.',
    'Delivery.blocked_by': 'The earlier delivery about the same object that has to end first.',
    'Delivery.replay': 'The replay that it belongs to.',
    'DeliveryAttempt.reason': 'Why it is not a success; null where it is one.',
    'DeliveryAttempt.response':
      'The beginning of what the receiver answered; null in events, and withheld where it holds a card number.',
    'Replay.events': 'How many deliveries it has begun so far.',
    'Replay.continues_from':
      'A replay examines 10,000 events at most: where it ended at that bound, a further replay goes on from here.',
    'ReplayEvents.from': 'Not before this time, and at most 30 days ago.',
    'ReplayEvents.to': 'Before this time. Absent: until now.',
  },
} as const satisfies Descriptions<typeof operations>;

export const errorTexts = {
  webhook_endpoint_not_found: notFound('webhook endpoint', 'is yours and was not deleted'),
  delivery_not_found: notFound('delivery', 'is yours and still kept'),
  replay_not_found: notFound('replay', 'is yours'),
  replay_running: {
    happens: 'An earlier replay of the same endpoint is not completed yet.',
    remedy: 'Read that replay until its "status" is "completed", then ask again.',
  },
  too_many_retries: {
    happens: 'The delivery was retried by hand 20 times already.',
    remedy: 'Mend the receiver, then replay the event: that is a delivery of its own.',
  },
  endpoint_url_not_allowed: {
    happens:
      'The address is not https, names a private or special network, or holds something that an address of an endpoint may not hold. The same is decided again at every attempt, by what the name resolves to then.',
    remedy: 'Use a public https address. On your own machine use "strongroom listen".',
  },
  too_many_endpoints: {
    happens: 'The tenant has 16 endpoints in this mode already.',
    remedy: 'Delete one, or let one endpoint take more types of events.',
  },
  too_many_secrets: {
    happens: 'The endpoint’s secret was rotated so often that 4 of them still sign.',
    remedy: 'Each old secret ends 24 hours after it was rotated. Try again then.',
  },
  too_many_verifications: {
    happens:
      'A tenant’s endpoints may be made, moved or challenged again a bounded number of times, because challenges go to addresses that have not agreed to anything.',
    remedy: 'Wait as long as "Retry-After" says. What is parked meanwhile is sent as soon as the address is verified.',
  },
  endpoint_not_enabled: {
    happens:
      'The endpoint is disabled (by you, by its own answer 410, or by 100 answers of 4xx in a row), or its address has not answered a challenge.',
    remedy:
      'Read its "status". Where it is disabled, mend the receiver, then set "status" to "enabled". Where it is pending, have the receiver answer challenges and verify it.',
  },
  delivery_blocked: {
    happens: 'Deliveries about one object go out in order, and an earlier one has neither succeeded nor ended.',
    remedy: 'Retry or skip the delivery in "blocked_by", or give the endpoint the ordering "none".',
  },
} as const satisfies ErrorTexts<typeof errors>;
