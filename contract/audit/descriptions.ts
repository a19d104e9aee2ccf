// What readers of the documentation are told about the audit trail, and what a request costs. It must never hold what a row, a
// schema or a limit says already.

import type { Descriptions } from '../kernel/description.ts';
import type * as operations from './operations.ts';

export const descriptions = {
  resources: {
    audit_entries: {
      title: 'Audit entries',
      about: 'Who did what to which object, when and from where: changes, reads, repeats and refusals.',
    },
  },
  operations: {
    'audit_entries/list': {
      summary: 'Search the audit trail',
      about:
        'Newest first. Filters are exact and join by “and”; "from" is inclusive, "to" is not. A page of a filtered search may end early, with a cursor that goes on.',
    },
  },
  costs: {
    'audit_entries/list': { calls: 1, write: 1, read: 4, kms: 0, processor: 0, behind: 0, events: 0 },
  },
  fields: {
    'AuditEntry.action': 'The type of the committed event, or the name of the operation that was asked for.',
    'AuditEntry.outcome': 'A change is "committed"; a read "requested"; a repeat "replayed".',
    'AuditEntry.code': 'Why it was refused, or failed.',
    'AuditEntry.target': 'The object that it is about; null where there is no one object.',
    'AuditEntry.address': 'The caller’s address; null for acts of the system.',
    'AuditQuery.limit': 'Items a page.',
    'AuditQuery.cursor': '"next_cursor" of the page before.',
    'AuditQuery.actor': 'The id of who acted.',
    'AuditQuery.action': 'Such as payment.captured.',
    'AuditQuery.target': 'The id of an object.',
    'AuditQuery.from': 'Not before this time.',
    'AuditQuery.to': 'Before this time.',
  },
} as const satisfies Descriptions<typeof operations>;
