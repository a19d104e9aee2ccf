// Creates an object once: one commit holds it and its first reply, so a repeat of the request only ever replays.

import type { InferOutput } from 'valibot';
import type { Operation, TableName } from '../../../contract/capabilities.ts';
import type { EventType } from '../../../contract/kernel/vocabulary.ts';
import type { Refused } from '../domain/decision.ts';
import { checkIdempotency, type IdempotencyRecord } from '../domain/idempotency.ts';
import type { NewObject } from '../domain/new_object.ts';
import { Defect, Refusal } from '../domain/refusal.ts';
import { serialize } from '../domain/serialize.ts';
import type { TenantScope } from '../domain/tenant_scope.ts';
import { timestamp } from '../platform/clock.ts';
import { commit, foundRow, type Identified, type Write } from '../store/commit.ts';
import type { Guard } from '../store/guard.ts';
import { load } from '../store/load.ts';
import { conflict, untilCommitted } from '../store/retry.ts';
import type { NamedRow, RowType, Stored } from '../store/row.ts';
import { type Answer, type Call, committed, type HandlerPorts } from './call.ts';
import { namedPresent } from './named.ts';
import type { Ports } from './ports.ts';

export type CreatePorts = HandlerPorts & Pick<Ports, 'digests'>;

/** Where the first reply of an object is sealed. */
export const replyContext = ({ tenant, mode }: TenantScope, item: string, table: TableName) => ({
  tenant,
  mode,
  purpose: 'reply',
  table,
  item,
  field: 'reply',
});

type Creatable = InferOutput<typeof IdempotencyRecord> & { readonly id: string };

export interface Creation<T> {
  /** Its `reply` is written here. */
  readonly next: T;
  readonly fact: EventType | null;
  /** Whose fact it is. Absent: the object's own. */
  readonly aggregateId?: string;
  /** Rows that are written with it, in the same commit. */
  readonly alongside?: readonly Write<Identified>[];
  /** What must hold in that commit, of rows that it does not write. */
  readonly checks?: readonly Guard[];
  /** What the reply shows of it: `next` itself, where nothing in it lies sealed. */
  readonly shown?: object;
  /** A field that the first reply alone shows; a repeat has null in it. */
  readonly shownOnce?: Readonly<Record<string, string | null>>;
}

interface Options<P> {
  /** Whose object it will be. Absent: the caller's. */
  readonly scope?: TenantScope;
  /**
   * The object that the path names, under which it is created. It is read beside a look for an earlier creation, which is
   * replayed whatever the rules say by now.
   */
  readonly parent?: NamedRow<P>;
}

/**
 * `decide` is given what the object begins with, and the parent; it throws or gives a refusal where the object may not be
 * created. It is called again after a conflict.
 */
export async function create<O extends Operation, T extends Creatable, P = never>(
  operation: O,
  type: RowType<T>,
  call: Call<O>,
  ports: CreatePorts,
  decide: (
    origin: NewObject,
    nowMs: number,
    parent: Stored<P>,
  ) => Promise<Creation<T> | Refused> | Creation<T> | Refused,
  options: Options<P> = {},
): Promise<Answer> {
  const { platform, keyring, digests } = ports;
  const { parent: parentType, scope = call.scope } = options;
  const id = call.objectId;
  const find = () => load(platform, type, { id, ...scope } as unknown as Partial<T>);
  const repeated = (found: Stored<T>) => replay(ports, type, scope, found.value, call.sent);
  const [audit, bodyDigest] = await Promise.all([call.auditContext(scope), digests.of(call.sent)]);
  return untilCommitted(platform, async () => {
    const [parent, earlier] = parentType
      ? await Promise.all([namedPresent(platform, call, parentType), find()])
      : [undefined, undefined];
    if (earlier !== undefined) return repeated(earlier);
    const nowMs = platform.clock();
    const origin = { id, ...scope, bodyDigest, createdAt: timestamp(nowMs) };
    const decided = await decide(origin, nowMs, parent as Stored<P>);
    if ('refused' in decided) throw new Refusal(decided.refused);
    const { next, fact, aggregateId = id, alongside = [], checks = [], shown = next, shownOnce = {} } = decided;
    const hidden = Object.fromEntries(Object.keys(shownOnce).map((name) => [name, null]));
    const reply = await keyring.seal(
      serialize(operation.reply, { ...shown, ...hidden }),
      replyContext(scope, id, type.table),
    );
    const own: Write<T> = { type, before: null, next: { ...next, reply } };
    const done = await commit(platform, [...alongside, own], fact && { type: fact, aggregateId }, audit, checks);
    if (done.kind === 'unmet') throw new Refusal(done.refused);
    if (done.kind === 'committed') return committed(serialize(operation.reply, { ...shown, ...shownOnce }));
    // A transaction that held it, and of which nothing is found, may come to be or not.
    const found = foundRow(type, done.found.at(-1)) ?? (await find());
    return found === undefined ? conflict : repeated(found);
  });
}

/** The first reply, to a request that asked for the same. */
export async function replay<T extends Creatable>(
  { platform, keyring, digests }: CreatePorts,
  type: RowType<T>,
  scope: TenantScope,
  found: T,
  sent: unknown,
): Promise<Answer> {
  const sameBody = await digests.matches(sent, found.body_digest);
  const checked = checkIdempotency(found, sameBody, null, platform.clock());
  switch (checked.kind) {
    case 'mismatch':
      throw new Refusal('idempotency_mismatch');
    case 'replay':
      return {
        body: await keyring.open(checked.reply, replyContext(scope, found.id, type.table)),
        outcome: 'replayed',
      };
    default:
      throw new Defect('an object was created without its reply');
  }
}
