// Submits the caller's business for verification: from then on it does not change until it is decided about.

import { submitBusiness as operation } from '../../../../contract/tenants/operations.ts';
import { Refusal } from '../../../kernel/domain/refusal.ts';
import { timestamp } from '../../../kernel/platform/clock.ts';
import { changeState, openProfile, reviewed, submissionOf } from '../../change_state.ts';
import { submitBusiness as decide, isRefused, requirementsOf } from '../../domain/business.ts';

export const submitBusiness = changeState(
  operation,
  async (state, _, ports) => {
    const profile = await openProfile(ports, state);
    const requirements = requirementsOf(profile);
    const submission = await ports.digests.of(submissionOf(state.tenant.id, profile));
    const decided = decide(state, requirements, submission, timestamp(ports.platform.clock()));
    if (decided !== null && isRefused(decided) && decided.refused === 'requirements_due') {
      const findings = requirements.map((pointer) => ({ pointer, detail: 'Expected for verification' }));
      throw new Refusal('requirements_due', { findings });
    }
    return decided;
  },
  (state, ports) => reviewed(ports, state),
);
