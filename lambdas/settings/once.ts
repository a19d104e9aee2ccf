// Creations without a processor: one commit holds the object and its first reply, so a repeat only ever replays.

import type { InferOutput } from 'valibot';
import { Defect, Refusal } from '../domain/refusal.ts';
import { judgeRepeat, type RepeatRecord } from '../domain/repeat.ts';
import type { Answer } from '../handlers/handler.ts';
import type { Committed } from '../store/commit.ts';
import { foundRow } from '../store/commit.ts';
import type { RowType } from '../store/row.ts';
import { load } from '../store/tenants.ts';
import type { SettingsPorts } from './ports.ts';

/** Where the first reply of an object of the tenants table is sealed. */
export const replyPlace = (tenant: string, item: string) => ({
  tenant,
  purpose: 'reply',
  table: 'tenants',
  item,
  field: 'reply',
});

/** The reply to a creation: `first` if this call committed it, otherwise what the call that did was told. */
export async function createdOnce<T extends InferOutput<typeof RepeatRecord> & { readonly id: string }>(
  ports: SettingsPorts,
  committed: Committed<readonly unknown[]>,
  created: { readonly type: RowType<T>; readonly id: string; readonly tenant: string; readonly first: string },
  sent: unknown,
): Promise<Answer> {
  if (committed.kind === 'committed') return { body: created.first, outcome: 'committed' };
  const found =
    foundRow(created.type, committed.found.at(-1)) ?? (await load(ports.platform, created.type, created.id));
  if (found === undefined) throw new Refusal('unavailable', { retryAfterSeconds: 1 });
  const sameBody = await ports.digests.matches(sent, found.value.body_digest);
  const judged = judgeRepeat(found.value, sameBody, null, ports.platform.clock());
  switch (judged.kind) {
    case 'mismatch':
      throw new Refusal('idempotency_mismatch');
    case 'replay':
      return {
        body: await ports.keyring.open(judged.reply, replyPlace(created.tenant, created.id)),
        outcome: 'replayed',
      };
    default:
      throw new Defect('an object was created without its reply');
  }
}
