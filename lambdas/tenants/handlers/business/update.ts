// Replaces the caller's business, as long as nobody reviews or has verified it.

import { updateBusiness as operation } from '../../../../contract/tenants/operations.ts';
import { changeState, reviewed, sealProfile } from '../../change_state.ts';
import { updateBusiness as decide } from '../../domain/business.ts';

export const updateBusiness = changeState(
  operation,
  async (state, { body }, ports) => decide(state, await sealProfile(ports, state.tenant.id, body)),
  (state, ports) => reviewed(ports, state),
);
