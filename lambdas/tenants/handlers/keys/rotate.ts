// Rotates an API key: a successor with the same scopes, and 24 hours in which both are good.

import { rotateKey as operation } from '../../../../contract/tenants/operations.ts';
import { create } from '../../../kernel/operation/create.ts';
import { route } from '../../../kernel/operation/route.ts';
import { capabilityChecks } from '../../capability_check.ts';
import { rotateKey as decide } from '../../domain/key.ts';
import { type IssuePorts, issueKey } from '../../issue_key.ts';
import { issuingKeyOf } from '../../issuing_key.ts';
import { keyRow } from '../../store.ts';

export const rotateKey = route(operation, (call, ports: IssuePorts) =>
  create(
    operation,
    keyRow,
    call,
    ports,
    async (origin, nowMs, old) => {
      const { id } = call.identity.actor;
      const issuing = await issuingKeyOf(ports.platform, call.identity, origin.id, nowMs);
      if ('refused' in issuing) return issuing;
      const issued = await issueKey(ports, origin, id, old.value.kind, (key) =>
        decide(old.value, key, issuing.bounds, nowMs),
      );
      if ('refused' in issued) return issued;
      const rotated = { type: keyRow, before: old, next: issued.decided.old };
      // A key that rotates itself is written once, and names its successor as such.
      const checks = capabilityChecks(ports.platform, origin, 'charges');
      return { ...issued, checks, alongside: id === old.value.id ? [rotated] : [issuing.write, rotated] };
    },
    { parent: keyRow },
  ),
);
