// Creates an API key of the caller's tenant, which holds no more than the caller's own.

import type { createKey as operation } from '../../../contract/operations/keys.ts';
import { makeKey } from '../../settings/make_key.ts';
import { makerOf } from '../../settings/maker.ts';
import type { SettingsPorts } from '../../settings/ports.ts';
import { memberOf } from '../caller.ts';
import type { Handler } from '../handler.ts';

export const createKey: Handler<typeof operation, SettingsPorts> = async (call, ports) =>
  makeKey(ports, call, memberOf(call.identity), await makerOf(ports.platform, call.identity));
