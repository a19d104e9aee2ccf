// Rotates an API key: a successor with the same scopes, and 24 hours in which both are good.

import type { rotateKey as operation } from '../../../../contract/tenants/operations.ts';
import type { Handler } from '../../../kernel/operation/call.ts';
import { idempotentCreate } from '../../../kernel/operation/create.ts';
import { Refusal } from '../../../kernel/operation/refusal.ts';
import { owns, tenantScopeOf } from '../../../kernel/operation/scope.ts';
import * as domain from '../../domain/key.ts';
import { issueKey } from '../../issue_key.ts';
import { issuingKeyOf } from '../../issuing_key.ts';
import type { TenantPorts } from '../../ports.ts';
import * as store from '../../store.ts';

export const rotateKey: Handler<typeof operation, TenantPorts> = async (call, ports) => {
  const { platform } = ports;
  const member = tenantScopeOf(call.identity);
  const [before, successor, maker] = await Promise.all([
    store.load(platform, store.keyRow, call.params.key_id ?? ''),
    store.load(platform, store.keyRow, call.objectId),
    issuingKeyOf(platform, call.identity),
  ]);
  if (before === undefined || !owns(member, before.value)) throw new Refusal('key_not_found');
  if (successor !== undefined) {
    // A repeat: by now the old key is rotated, so the rules would refuse what they allowed.
    const find = async () => successor;
    const created = { type: store.keyRow, id: call.objectId, owner: member, first: '', find };
    return idempotentCreate(ports, { kind: 'conflict', found: [] }, created, call.sent);
  }
  return issueKey(
    ports,
    call,
    member,
    (origin, nowMs) => domain.rotateKey(before.value, origin, maker, nowMs),
    ({ old, fact }, next, act) => store.rotateKey(platform, { before, next: old }, next, fact, act),
  );
};
