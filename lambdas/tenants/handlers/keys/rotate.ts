// Rotates an API key: a successor with the same scopes, and 24 hours in which both are good.

import { rotateKey as operation } from '../../../../contract/tenants/operations.ts';
import { create } from '../../../kernel/operation/create.ts';
import { route } from '../../../kernel/operation/route.ts';
import { rotateKey as decide } from '../../domain/key.ts';
import { type IssuePorts, issueKey } from '../../issue_key.ts';
import { issuingKeyOf } from '../../issuing_key.ts';
import { keyRow } from '../../store.ts';

export const rotateKey = route(operation, (call, ports: IssuePorts) => {
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
});
