// Changes one row of a tenant's webhooks: read, decide, commit, and again where another was faster.

import type { ErrorCode } from '../../../contract/capabilities.ts';
import { webhookLimits as limits } from '../../../contract/webhooks/limits.ts';
import type { Change } from '../../payments/domain/payment.ts';
import type { WebhookPorts } from '../../webhooks/ports.ts';
import { loadOwned, type Owner } from '../../webhooks/store.ts';
import { commit } from '../store/commit.ts';
import type { RowType } from '../store/row.ts';
import { type Answer, committed, type Identity } from './call.ts';
import { Refusal } from './refusal.ts';
import { auditContextOf, tenantScopeOf } from './scope.ts';

interface ChangeCall {
  readonly requestId: string;
  readonly identity: Identity;
  readonly sourceAddress: string;
}

/** `shown` gives the reply; `decide` gives null where it was so already. */
export async function changeOwned<T extends Owner & { readonly id: string }>(
  { platform, keyring }: WebhookPorts,
  call: ChangeCall,
  shown: (value: T) => Promise<string>,
  row: { readonly type: RowType<T>; readonly id: string; readonly missing: ErrorCode },
  decide: (now: T) => Change<T> | null | Promise<Change<T> | null>,
): Promise<Answer> {
  const member = tenantScopeOf(call.identity);
  const act = await auditContextOf(call, member, keyring);
  for (let tries = 0; tries < limits.commitTries; tries += 1) {
    const before = await loadOwned(platform, row.type, member, row.id);
    if (before === undefined) throw new Refusal(row.missing);
    const change = await decide(before.value);
    if (change === null) return { body: await shown(before.value), outcome: 'unchanged' };
    const { next, fact } = change;
    const recording = fact && { type: fact, aggregateId: next.id };
    const done = await commit(platform, [{ type: row.type, before, next }], recording, act);
    if (done.kind === 'committed') return committed(await shown(next));
  }
  throw new Refusal('unavailable', { retryAfterSeconds: 1 });
}
