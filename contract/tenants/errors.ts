// Errors of tenants, API keys and operators: stable codes (RFC 9457). A code is never renamed once published.

import type { CatalogueError } from '../kernel/error.ts';
import { keyLimits } from './limits.ts';

export const errors = {
  scope_not_held: {
    status: 403,
    title: 'More than its maker holds',
    detail: 'A key can grant only what its maker holds: its scopes, its addresses, its time.',
    retriable: false,
  },
  tenant_not_found: { status: 404, title: 'No such tenant', detail: 'There is no such tenant.', retriable: false },
  key_not_found: { status: 404, title: 'No such key', detail: 'There is no such key.', retriable: false },
  key_not_active: {
    status: 409,
    title: 'Key not active',
    detail: 'A revoked, expired or already rotated key cannot be rotated.',
    retriable: false,
  },
  key_makes_no_more: {
    status: 409,
    title: 'The calling key makes no more keys',
    detail: `A key makes at most ${keyLimits.keysMade} keys, whatever became of them.`,
    retriable: false,
  },
} as const satisfies Record<string, CatalogueError>;
