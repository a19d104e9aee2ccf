import { List } from '../kernel/list.ts';
import type { Operation } from '../kernel/operation.ts';
import { AuditEntry, AuditQuery } from './audit_entry.ts';

export const listAuditEntries = {
  id: 'audit_entries/list',
  method: 'GET',
  path: '/v1/audit_entries',
  function: 'audit_read',
  actors: ['key', 'operator'],
  scopes: ['audit:read'],
  query: AuditQuery,
  reply: /* @__PURE__ */ List(AuditEntry),
  slo: 'read',
  refuses: ['cursor_invalid'],
} as const satisfies Operation;
