// Creates an API key. Its secret is in this reply and nowhere else.

import { createKey as operation } from '../../../contract/operations/keys.ts';
import { mintCredential } from '../../crypto/credential.ts';
import * as domain from '../../domain/key.ts';
import { Refusal } from '../../domain/refusal.ts';
import { represent } from '../../domain/representation.ts';
import { makerOf } from '../../settings/maker.ts';
import { createdOnce, replyPlace } from '../../settings/once.ts';
import type { SettingsPorts } from '../../settings/ports.ts';
import { createKey as create, keyRow } from '../../store/tenants.ts';
import { actOf, memberOf } from '../caller.ts';
import type { Handler } from '../handler.ts';

export const createKey: Handler<typeof operation, SettingsPorts> = async (call, ports) => {
  const { platform, keyring } = ports;
  const member = memberOf(call.identity);
  const id = call.objectId;
  const minted = mintCredential(id, member.mode, platform.config.zone, platform.random, await ports.peppers());
  const bodyDigest = await ports.digests.of(call.sent);
  const origin = { id, ...member, secretHmac: minted.stored, bodyDigest };
  const maker = await makerOf(platform, call.identity);
  const decided = domain.createKey(origin, call.body, maker, platform.clock());
  if ('refused' in decided) throw new Refusal(decided.refused);
  const reply = (secret: string | null) => represent(operation.reply, { ...decided.next, secret });
  const next = { ...decided.next, reply: await keyring.seal(reply(null), replyPlace(member.tenant, id)) };
  const committed = await create(platform, next, decided.fact, await actOf(call, member, keyring));
  const created = { type: keyRow, id, tenant: member.tenant, first: reply(minted.text.reveal()) };
  return createdOnce(ports, committed, created, call.sent);
};
