// Creations without a processor: one commit holds the object and its first reply, so a repeat only ever replays.

import type { InferOutput } from 'valibot';
import type { TableName } from '../../../contract/capabilities.ts';
import type { TenantPorts } from '../../tenants/ports.ts';
import type { Committed } from '../store/commit.ts';
import { foundRow } from '../store/commit.ts';
import type { RowType, Stored } from '../store/row.ts';
import type { Answer } from './call.ts';
import { checkIdempotency, type IdempotencyRecord } from './idempotency.ts';
import { Defect, Refusal } from './refusal.ts';
import type { TenantScope } from './scope.ts';

/** Where the first reply of an object is sealed. */
export const replyContext = ({ tenant, mode }: TenantScope, item: string, table: TableName = 'tenants') => ({
  tenant,
  mode,
  purpose: 'reply',
  table,
  item,
  field: 'reply',
});

interface Created<T> {
  readonly type: RowType<T>;
  readonly id: string;
  readonly owner: TenantScope;
  /** The reply, should this call have created it. */
  readonly first: string;
  /** Reads the object, strongly consistent. */
  readonly find: () => Promise<Stored<T> | undefined>;
}

/** The reply to a creation: `first` if this call committed it, otherwise what the call that did was told. */
export async function idempotentCreate<T extends InferOutput<typeof IdempotencyRecord> & { readonly id: string }>(
  ports: Pick<TenantPorts, 'platform' | 'keyring' | 'digests'>,
  committed: Committed<readonly unknown[]>,
  created: Created<T>,
  sent: unknown,
): Promise<Answer> {
  if (committed.kind === 'committed') return { body: created.first, outcome: 'committed' };
  const found = foundRow(created.type, committed.found.at(-1)) ?? (await created.find());
  if (found === undefined) throw new Refusal('unavailable', { retryAfterSeconds: 1 });
  const sameBody = await ports.digests.matches(sent, found.value.body_digest);
  const judged = checkIdempotency(found.value, sameBody, null, ports.platform.clock());
  switch (judged.kind) {
    case 'mismatch':
      throw new Refusal('idempotency_mismatch');
    case 'replay':
      return {
        body: await ports.keyring.open(judged.reply, replyContext(created.owner, created.id, created.type.table)),
        outcome: 'replayed',
      };
    default:
      throw new Defect('an object was created without its reply');
  }
}
