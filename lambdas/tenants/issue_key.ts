// Makes an API key: one commit of the key with its first reply. Its secret is in this answer and nowhere else.

import type { ErrorCode } from '../../contract/capabilities.ts';
import { CreatedKey } from '../../contract/tenants/key.ts';
import { mintCredential } from '../kernel/crypto/credential.ts';
import type { Answer, Identity } from '../kernel/operation/call.ts';
import { idempotentCreate, replyContext } from '../kernel/operation/create.ts';
import { Refusal } from '../kernel/operation/refusal.ts';
import { auditContextOf, type TenantScope } from '../kernel/operation/scope.ts';
import { serialize } from '../kernel/operation/serialize.ts';
import type { AuditContext, Committed } from '../kernel/store/commit.ts';
import type { Change } from '../payments/domain/payment.ts';
import type { Key, NewKey } from './domain/key.ts';
import type { TenantPorts } from './ports.ts';
import { keyRow, load } from './store.ts';

interface KeyCall {
  readonly requestId: string;
  readonly identity: Identity;
  readonly sourceAddress: string;
  readonly sent: unknown;
  readonly objectId: string;
}

/** `holder` is whose key it will be. `write` must commit `next` last, so that a repeat finds it. */
export async function issueKey<D extends Change<Key>>(
  ports: TenantPorts,
  call: KeyCall,
  holder: TenantScope,
  decide: (origin: NewKey, nowMs: number) => D | { readonly refused: ErrorCode },
  write: (decided: D, next: Key, act: AuditContext) => Promise<Committed<readonly unknown[]>>,
): Promise<Answer> {
  const { platform, keyring } = ports;
  const id = call.objectId;
  const minted = mintCredential(id, holder.mode, platform.config.zone, platform.random, await ports.peppers());
  const origin = { id, ...holder, secretHmac: minted.stored, bodyDigest: await ports.digests.of(call.sent) };
  const decided = decide(origin, platform.clock());
  if ('refused' in decided) throw new Refusal(decided.refused);
  const reply = (secret: string | null) => serialize(CreatedKey, { ...decided.next, secret });
  const next = { ...decided.next, reply: await keyring.seal(reply(null), replyContext(holder, id)) };
  const committed = await write(decided, next, await auditContextOf(call, holder, keyring));
  const created = {
    type: keyRow,
    id,
    owner: holder,
    first: reply(minted.text.reveal()),
    find: () => load(platform, keyRow, id),
  };
  return idempotentCreate(ports, committed, created, call.sent);
}
