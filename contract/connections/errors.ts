// Errors of connections to payment processors: stable codes (RFC 9457). A code is never renamed once published.

import type { CatalogueError } from '../kernel/error.ts';

export const errors = {
  connection_not_found: {
    status: 404,
    title: 'No such connection',
    detail: 'There is no such connection.',
    retriable: false,
  },
  too_many_connections: {
    status: 409,
    title: 'Too many connections',
    detail: 'A tenant has at most 16 connections in each mode.',
    retriable: false,
  },
  too_many_credentials: {
    status: 409,
    title: 'Replaced too often',
    detail:
      'Credentials of one connection can be replaced 8 times within the time in which old ones are still accepted.',
    retriable: true,
  },
  credentials_of_other_mode: {
    status: 422,
    title: 'Credentials of another mode',
    detail: 'A connection takes credentials of its own mode only: see "errors".',
    retriable: false,
  },
} as const satisfies Record<string, CatalogueError>;
