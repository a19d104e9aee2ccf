// Creates an API key of the caller's tenant, which holds no more than the caller's own.

import { createKey as operation } from '../../../../contract/tenants/operations.ts';
import { Refusal } from '../../../kernel/domain/refusal.ts';
import { create } from '../../../kernel/operation/create.ts';
import { route } from '../../../kernel/operation/route.ts';
import { createKey as decide } from '../../domain/key.ts';
import { type IssuePorts, issueKey } from '../../issue_key.ts';
import { issuingKeyOf } from '../../issuing_key.ts';
import { keyRow } from '../../store.ts';

export const createKey = route(operation, async (call, ports: IssuePorts) => {
  const issuing = await issuingKeyOf(ports.platform, call.identity);
  return create(operation, keyRow, call, ports, (origin, nowMs) => {
    const { expires_at } = call.body;
    if (expires_at !== undefined && Date.parse(expires_at) <= nowMs) {
      throw new Refusal('request_invalid', {
        findings: [{ pointer: '/expires_at', detail: 'Expected a time to come' }],
      });
    }
    return issueKey(ports, origin, (key) => decide(key, call.body, issuing, nowMs));
  });
});
