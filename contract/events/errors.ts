// Errors of events: stable codes (RFC 9457). A code is never renamed once published.

import type { CatalogueError } from '../kernel/error.ts';

export const errors = {
  event_not_found: { status: 404, title: 'No such event', detail: 'There is no such event.', retriable: false },
} as const satisfies Record<string, CatalogueError>;
