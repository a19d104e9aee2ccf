// Another operator confirms what the first proposed, of exactly what was submitted: what lies sealed is compared with its digest.

import { confirmVerification as operation } from '../../../../contract/tenants/operations.ts';
import { Defect } from '../../../kernel/domain/refusal.ts';
import { timestamp } from '../../../kernel/platform/clock.ts';
import { changeState, openProfile, reviewed, submissionOf } from '../../change_state.ts';
import { confirmVerification as decide, isRefused } from '../../domain/business.ts';

export const confirmVerification = changeState(
  operation,
  async (state, { body, identity }, ports) => {
    const decided = decide(state, body, identity.actor.id, timestamp(ports.platform.clock()));
    if (decided === null || isRefused(decided)) return decided;
    const submitted = submissionOf(state.tenant.id, await openProfile(ports, state));
    if (await ports.digests.matches(submitted, body.submission)) return decided;
    throw new Defect('a submitted business has changed');
  },
  (state, ports) => reviewed(ports, state),
);
