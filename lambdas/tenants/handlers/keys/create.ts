// Creates an API key of the caller's tenant, which holds no more than the caller's own.

import { createKey as operation } from '../../../../contract/tenants/operations.ts';
import { Refusal } from '../../../kernel/domain/refusal.ts';
import { create } from '../../../kernel/operation/create.ts';
import { route } from '../../../kernel/operation/route.ts';
import { capabilityChecks } from '../../capability_check.ts';
import { createKey as decide } from '../../domain/key.ts';
import { type IssuePorts, issueKey, refuseScopes } from '../../issue_key.ts';
import { issuingKeyOf } from '../../issuing_key.ts';
import { keyRow } from '../../store.ts';

export const createKey = route(operation, (call, ports: IssuePorts) =>
  create(operation, keyRow, call, ports, async (origin, nowMs) => {
    const { expires_at, kind, mode = origin.mode } = call.body;
    refuseScopes(call.body);
    if (mode !== origin.mode) return { refused: 'key_of_other_mode' };
    if (expires_at !== undefined && Date.parse(expires_at) <= nowMs) {
      throw new Refusal('request_invalid', {
        findings: [{ pointer: '/expires_at', detail: 'Expected a time to come' }],
      });
    }
    const issuing = await issuingKeyOf(ports.platform, call.identity, origin.id, nowMs);
    if ('refused' in issuing) return issuing;
    const issued = await issueKey(ports, origin, call.identity.actor.id, kind, (key) =>
      decide(key, call.body, issuing.bounds, nowMs),
    );
    const checks = capabilityChecks(ports.platform, origin, 'charges');
    return 'refused' in issued ? issued : { ...issued, alongside: [issuing.write], checks };
  }),
);
