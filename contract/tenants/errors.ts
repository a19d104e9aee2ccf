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
  key_of_other_mode: {
    status: 403,
    title: 'A key of the other mode',
    detail: 'A key makes keys of its own mode only.',
    retriable: false,
  },
  charges_disabled: {
    status: 403,
    title: 'Live charges are off',
    detail: 'The tenant takes no live charges, captures or keys: it is not verified, is suspended, or is closed.',
    retriable: false,
  },
  refunds_disabled: {
    status: 403,
    title: 'Live refunds are off',
    detail: 'The tenant makes no live refunds or voids: it is not verified, or was suspended with its refunds.',
    retriable: false,
  },
  tenant_closed: { status: 409, title: 'Tenant closed', detail: 'A closed tenant stays closed.', retriable: false },
  business_locked: {
    status: 409,
    title: 'Business under review or verified',
    detail: 'While a business is under review, and once it is verified, it does not change.',
    retriable: false,
  },
  requirements_due: {
    status: 409,
    title: 'Requirements due',
    detail: 'The business still lacks what its verification needs.',
    retriable: false,
  },
  not_under_review: {
    status: 409,
    title: 'Nothing to decide',
    detail: 'The business is not under review, or nobody has proposed that decision.',
    retriable: false,
  },
  submission_changed: {
    status: 409,
    title: 'Another submission',
    detail: 'The decision names another submission than the one under review.',
    retriable: false,
  },
  second_operator_needed: {
    status: 403,
    title: 'A second operator is needed',
    detail: 'Whoever proposed a decision does not confirm it.',
    retriable: false,
  },
} as const satisfies Record<string, CatalogueError>;
