// Errors of webhook endpoints and deliveries: stable codes (RFC 9457). A code is never renamed once published.

import type { CatalogueError } from '../kernel/error.ts';

export const errors = {
  webhook_endpoint_not_found: {
    status: 404,
    title: 'No such webhook endpoint',
    detail: 'There is no such webhook endpoint.',
    retriable: false,
  },
  delivery_not_found: {
    status: 404,
    title: 'No such delivery',
    detail: 'There is no such delivery.',
    retriable: false,
  },
  replay_not_found: {
    status: 404,
    title: 'No such replay',
    detail: 'There is no such replay.',
    retriable: false,
  },
  replay_running: {
    status: 409,
    title: 'A replay is running',
    detail: 'One replay of an endpoint runs at a time. Wait until its status is "completed".',
    retriable: true,
  },
  too_many_retries: {
    status: 409,
    title: 'Too many retries',
    detail: 'A delivery can be retried by hand 20 times. Replay its event instead.',
    retriable: false,
  },
  endpoint_url_not_allowed: {
    status: 422,
    title: 'Address not allowed',
    detail: 'Webhooks go to public https addresses only: see "errors".',
    retriable: false,
  },
  too_many_endpoints: {
    status: 409,
    title: 'Too many webhook endpoints',
    detail: 'A tenant has at most 16 webhook endpoints in each mode.',
    retriable: false,
  },
  too_many_secrets: {
    status: 409,
    title: 'Too many secrets at once',
    detail: 'At most 4 secrets of one endpoint sign at the same time. Wait until an old one has ended.',
    retriable: true,
  },
  too_many_verifications: {
    status: 429,
    title: 'Too many verifications',
    detail: 'Addresses of endpoints were to be verified too often. Wait as long as Retry-After says.',
    retriable: true,
  },
  endpoint_not_enabled: {
    status: 409,
    title: 'Endpoint not enabled',
    detail: 'Nothing is sent to an endpoint that is disabled, or whose address is not verified: see its "status".',
    retriable: false,
  },
  delivery_blocked: {
    status: 409,
    title: 'Delivery blocked',
    detail: 'An earlier delivery of the same object comes first: see its "blocked_by". Retry or skip that one.',
    retriable: true,
  },
} as const satisfies Record<string, CatalogueError>;
