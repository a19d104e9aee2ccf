import { AuditEntry, AuditQuery } from '../resources/audit_entry.ts';
import { List } from '../resources/list.ts';
import type { Operation } from './operation.ts';

export const listAuditEntries = {
  id: 'audit_entries/list',
  method: 'GET',
  path: '/v1/audit_entries',
  function: 'read',
  actors: ['key', 'operator'],
  scopes: ['audit:read'],
  query: AuditQuery,
  reply: /* @__PURE__ */ List(AuditEntry),
  slo: 'read',
  refuses: ['cursor_invalid'],
} as const satisfies Operation;
