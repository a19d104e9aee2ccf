// Makes an API key for a tenant: one commit of the key with its first reply. Its secret is in this answer and nowhere else.

import type { InferOutput } from 'valibot';
import { CreatedKey, type CreateKey } from '../../contract/resources/key.ts';
import { mintCredential } from '../crypto/credential.ts';
import { createKey, type Maker } from '../domain/key.ts';
import { Refusal } from '../domain/refusal.ts';
import { represent } from '../domain/representation.ts';
import { actOf, type Member } from '../handlers/caller.ts';
import type { Answer, Identity } from '../handlers/handler.ts';
import { createKey as create, keyRow } from '../store/tenants.ts';
import { createdOnce, replyPlace } from './once.ts';
import type { SettingsPorts } from './ports.ts';

interface KeyCall {
  readonly requestId: string;
  readonly identity: Identity;
  readonly sourceAddress: string;
  readonly body: InferOutput<typeof CreateKey>;
  readonly sent: unknown;
  readonly objectId: string;
}

/** `holder` is whose key it will be, `maker` what it may at most hold. */
export async function makeKey(ports: SettingsPorts, call: KeyCall, holder: Member, maker: Maker): Promise<Answer> {
  const { platform, keyring } = ports;
  const id = call.objectId;
  const minted = mintCredential(id, holder.mode, platform.config.zone, platform.random, await ports.peppers());
  const origin = { id, ...holder, secretHmac: minted.stored, bodyDigest: await ports.digests.of(call.sent) };
  const decided = createKey(origin, call.body, maker, platform.clock());
  if ('refused' in decided) throw new Refusal(decided.refused);
  const reply = (secret: string | null) => represent(CreatedKey, { ...decided.next, secret });
  const next = { ...decided.next, reply: await keyring.seal(reply(null), replyPlace(holder.tenant, id)) };
  const committed = await create(platform, next, decided.fact, await actOf(call, holder, keyring));
  const created = { type: keyRow, id, tenant: holder.tenant, first: reply(minted.text.reveal()) };
  return createdOnce(ports, committed, created, call.sent);
}
