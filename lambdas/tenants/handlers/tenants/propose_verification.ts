// One operator proposes a decision about a submitted business.

import { proposeVerification as operation } from '../../../../contract/tenants/operations.ts';
import { timestamp } from '../../../kernel/platform/clock.ts';
import { changeState, reviewed } from '../../change_state.ts';
import { proposeVerification as decide } from '../../domain/business.ts';

export const proposeVerification = changeState(
  operation,
  (state, { body, identity }, { platform }) => decide(state, body, identity.actor.id, timestamp(platform.clock())),
  (state, ports) => reviewed(ports, state),
);
