// The audit entry of a fact: exactly one, under an id derived from the fact's.

import { idPrefixes } from '../../contract/kernel/vocabulary.ts';
import { auditPartitionOf, platformAuditPartition, type StoredEntry } from '../kernel/store/audit.ts';
import type { RelayedFact } from '../kernel/store/recorded_fact.ts';

export const entryOf = ({ fact, objectId }: RelayedFact): StoredEntry => ({
  id: fact.id.replace(idPrefixes.fact, idPrefixes.audit_entry),
  object: 'audit_entry',
  owner: fact.tenant === platformAuditPartition ? platformAuditPartition : auditPartitionOf(fact.tenant, fact.mode),
  mode: fact.mode,
  occurred_at: fact.at,
  action: fact.type,
  outcome: 'committed',
  code: null,
  actor: fact.actor,
  on_behalf_of: fact.on_behalf_of,
  target: objectId,
  request_id: fact.request_id,
  address: fact.address,
});
