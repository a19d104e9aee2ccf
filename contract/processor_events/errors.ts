// Errors of processors' webhooks: stable codes (RFC 9457). A code is never renamed once published.

import type { CatalogueError } from '../kernel/error.ts';

export const errors = {
  signature_invalid: {
    status: 401,
    title: 'No valid signature',
    detail: 'The request is not signed with a secret of this connection, or was signed too long ago.',
    retriable: false,
  },
  notification_malformed: {
    status: 400,
    title: 'Malformed notification',
    detail: 'The request is rightly signed, but not of a form that the provider documents.',
    retriable: false,
  },
} as const satisfies Record<string, CatalogueError>;
