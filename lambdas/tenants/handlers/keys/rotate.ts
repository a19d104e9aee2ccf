// Rotates an API key: a successor with the same scopes, and 24 hours in which both are good.

import { rotateKey as operation } from '../../../../contract/tenants/operations.ts';
import type { Handler } from '../../../kernel/operation/call.ts';
import { create } from '../../../kernel/operation/create.ts';
import { rotateKey as decide } from '../../domain/key.ts';
import { issueKey } from '../../issue_key.ts';
import { issuingKeyOf } from '../../issuing_key.ts';
import type { TenantPorts } from '../../ports.ts';
import { keyRow } from '../../store.ts';

export const rotateKey: Handler<typeof operation, TenantPorts> = (call, ports) => {
  // Read beside the old key; what fails is met where it is awaited.
  const issuing = issuingKeyOf(ports.platform, call.identity);
  issuing.catch(() => {});
  return create(
    operation,
    keyRow,
    call,
    ports,
    async (origin, nowMs, old) => {
      const bounds = await issuing;
      const issued = await issueKey(ports, origin, (key) => decide(old.value, key, bounds, nowMs));
      if ('refused' in issued) return issued;
      return { ...issued, alongside: [{ type: keyRow, before: old, next: issued.decided.old }] };
    },
    { parent: keyRow },
  );
};
