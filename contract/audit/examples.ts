// One example for each operation of the audit trail.

import { type Examples, exampleIds, exampleTime, listOf } from '../kernel/examples.ts';
import type * as operations from './operations.ts';

const entry = {
  id: exampleIds.audit_entry,
  object: 'audit_entry',
  mode: 'test',
  occurred_at: exampleTime,
  action: 'payment.captured',
  outcome: 'committed',
  code: null,
  actor: { kind: 'key', id: exampleIds.key },
  on_behalf_of: null,
  target: exampleIds.payment,
  request_id: 'b3f1c2d4-0000-4000-8000-000000000042',
  address: '203.0.113.9',
};

export const examples = {
  operations: { 'audit_entries/list': { reply: listOf(entry) } },
  events: {},
} satisfies Examples<typeof operations>;
