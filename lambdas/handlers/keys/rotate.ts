// Rotates an API key: a successor with the same scopes, and 24 hours in which both are good.

import { rotateKey as operation } from '../../../contract/operations/keys.ts';
import { mintCredential } from '../../crypto/credential.ts';
import * as domain from '../../domain/key.ts';
import { Refusal } from '../../domain/refusal.ts';
import { represent } from '../../domain/representation.ts';
import { makerOf } from '../../settings/maker.ts';
import { createdOnce, replyPlace } from '../../settings/once.ts';
import type { SettingsPorts } from '../../settings/ports.ts';
import { keyRow, load, rotateKey as rotate } from '../../store/tenants.ts';
import { actOf, memberOf, owns } from '../caller.ts';
import type { Handler } from '../handler.ts';

export const rotateKey: Handler<typeof operation, SettingsPorts> = async (call, ports) => {
  const { platform, keyring } = ports;
  const member = memberOf(call.identity);
  const id = call.objectId;
  const [old, successor] = await Promise.all([
    load(platform, keyRow, call.params.key_id ?? ''),
    load(platform, keyRow, id),
  ]);
  if (old === undefined || !owns(member, old.value)) throw new Refusal('key_not_found');
  const created = { type: keyRow, id, tenant: member.tenant, first: '' };
  if (successor !== undefined) return createdOnce(ports, { kind: 'conflict', found: [] }, created, call.sent);
  const minted = mintCredential(id, member.mode, platform.config.zone, platform.random, await ports.peppers());
  const bodyDigest = await ports.digests.of(call.sent);
  const origin = { id, ...member, secretHmac: minted.stored, bodyDigest };
  const maker = await makerOf(platform, call.identity);
  const decided = domain.rotateKey(old.value, origin, maker, platform.clock());
  if ('refused' in decided) throw new Refusal(decided.refused);
  const reply = (secret: string | null) => represent(operation.reply, { ...decided.next, secret });
  const next = { ...decided.next, reply: await keyring.seal(reply(null), replyPlace(member.tenant, id)) };
  const change = { before: old, next: decided.old };
  const committed = await rotate(platform, change, next, decided.fact, await actOf(call, member, keyring));
  return createdOnce(ports, committed, { ...created, first: reply(minted.text.reveal()) }, call.sent);
};
