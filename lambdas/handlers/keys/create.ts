// Creates an API key of the caller's tenant, which holds no more than the caller's own.

import type { createKey as operation } from '../../../contract/operations/keys.ts';
import * as domain from '../../domain/key.ts';
import { makeKey } from '../../settings/make_key.ts';
import { makerOf } from '../../settings/maker.ts';
import type { SettingsPorts } from '../../settings/ports.ts';
import * as store from '../../store/tenants.ts';
import { memberOf } from '../caller.ts';
import type { Handler } from '../handler.ts';

export const createKey: Handler<typeof operation, SettingsPorts> = async (call, ports) => {
  const maker = await makerOf(ports.platform, call.identity);
  return makeKey(
    ports,
    call,
    memberOf(call.identity),
    (origin, nowMs) => domain.createKey(origin, call.body, maker, nowMs),
    ({ fact }, next, act) => store.createKey(ports.platform, next, fact, act),
  );
};
