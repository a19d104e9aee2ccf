// One DynamoDB write or transaction per change, with the fact that it records. Everything that follows from a change
// (events, audit, webhooks) is derived from what is written here; nothing else may write a domain row.

import {
  ConditionalCheckFailedException,
  PutItemCommand,
  TransactionCanceledException,
  TransactionConflictException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import type { FunctionName } from '../../../contract/capabilities.ts';
import type { Actor, Fact } from '../../../contract/kernel/fact.ts';
import type { Mode } from '../../../contract/kernel/roles.ts';
import { type EventType, events, idPrefixes } from '../../../contract/kernel/vocabulary.ts';
import type { ZoneName } from '../../../contract/kernel/zones.ts';
import type { Change } from '../domain/decision.ts';
import { Defect, unavailable } from '../domain/refusal.ts';
import type { Sealed } from '../domain/sealed_text.ts';
import type { TenantScope } from '../domain/tenant_scope.ts';
import { timestamp } from '../platform/clock.ts';
import { base32, timeOrderedBody } from '../platform/ids.ts';
import type { Platform } from '../platform/platform.ts';
import { type Guard, guardItem, type Reason, type Unmet, unmetOf } from './guard.ts';
import { fromItem, type Item, itemOf, type RowType, type Stored } from './row.ts';

export type ReadPlatform = Pick<Platform, 'clock' | 'config' | 'dynamodb' | 'random'>;
export type StorePlatform = ReadPlatform & Pick<Platform, 'writer'>;

/** Who does it, and on whose request. */
export interface AuditContext {
  readonly tenant: string;
  readonly mode: Mode;
  readonly actor: Actor;
  readonly onBehalfOf: Actor | null;
  readonly requestId: string;
  readonly address: Sealed<string> | null;
}

/** What the platform does by itself: `name` is the function that does it. */
export const systemContext = (name: FunctionName, { tenant, mode }: TenantScope, requestId: string): AuditContext => ({
  tenant,
  mode,
  actor: { kind: 'system', id: name },
  onBehalfOf: null,
  requestId,
  address: null,
});

/** The next state of one row. `before` is what was read; null: the row must not exist. */
export interface Write<T> {
  readonly type: RowType<T>;
  readonly before: Stored<T> | null;
  readonly next: T;
}

/** Whatever is stored has an id; the aggregate's own row bears the aggregate's. */
export interface Identified {
  readonly id: string;
}

/** Rows of different types, written together. */
type Writes<T extends readonly unknown[]> = { readonly [I in keyof T]: Write<T[I]> };
type Rows<T extends readonly unknown[]> = { readonly [I in keyof T]: Stored<T[I]> };

/** What to record: the fact lies on the last write's item, its sequence counts on the aggregate's own row. */
export interface Recording {
  readonly type: EventType;
  readonly aggregateId: string;
}

export type Committed<T extends readonly unknown[]> =
  | { readonly kind: 'committed'; readonly rows: Rows<T> }
  /** Some row was not as read. `found[i]` is the item of write i, where DynamoDB returned it. */
  | { readonly kind: 'conflict'; readonly found: readonly (Item | undefined)[] };

/**
 * Writes all rows or none. An answer lost on the way is made up for by the SDK's retry: the row then bears our own stamp
 * (`written_by`), which means that we committed. If every retry is lost the error is thrown, and the outcome is unknown.
 */
export async function commit<T extends readonly Identified[]>(
  platform: StorePlatform,
  writes: Writes<T>,
  recording: Recording | null,
  audit: AuditContext,
): Promise<Committed<T>>;
/** With guards, which hold in the same transaction. What was written before is found by its row, whatever they say by now. */
export async function commit<T extends readonly Identified[]>(
  platform: StorePlatform,
  writes: Writes<T>,
  recording: Recording | null,
  audit: AuditContext,
  guards: readonly Guard[],
): Promise<Committed<T> | Unmet>;
export async function commit<T extends readonly Identified[]>(
  platform: StorePlatform,
  writes: Writes<T>,
  recording: Recording | null,
  audit: AuditContext,
  guards: readonly Guard[] = [],
): Promise<Committed<T> | Unmet> {
  const stamp = base32(platform.random(15));
  const each: readonly Write<Identified>[] = writes;
  const root = each.find(({ next }) => next.id === recording?.aggregateId);
  if (recording !== null && root === undefined) throw new Defect('a fact was recorded without its aggregate');
  const epoch = await platform.writer.epoch();
  const atMs = platform.clock();
  const sequence = (root?.before?.sequence ?? 0) + 1;
  // Stryker disable next-line OptionalChaining: a fact that is recorded has its root, as was seen above.
  const fact = recording && factOf(platform, recording, root?.before ?? null, atMs, audit);
  const rowOf = (write: Write<Identified>, index: number): Stored<Identified> => {
    const holdsFact = fact !== null && index === each.length - 1;
    return {
      value: write.next,
      version: (write.before?.version ?? 0) + 1,
      ...(write === root
        ? { sequence, sequence_at_ms: atMs }
        : { sequence: write.before?.sequence ?? 0, sequence_at_ms: write.before?.sequence_at_ms ?? 0 }),
      fact: holdsFact ? fact : (write.before?.fact ?? null),
      written_by: stamp,
      writer_epoch: epoch,
      ...inherited(write.before, epoch),
    };
  };
  const rows = each.map(rowOf);
  const puts = each.map((write, index) => put(platform, write, rowOf(write, index)));
  try {
    const [only, ...others] = puts;
    const alone = others.length === 0 && guards.length === 0;
    // Stryker disable next-line ConditionalExpression: there is always a first write; the types cannot say so.
    if (alone && only !== undefined) await platform.dynamodb.send(new PutItemCommand(only));
    else {
      // Guards last: `found` and the reasons of what failed begin with the writes.
      const items = guards.map((guard) => guardItem(platform.config, guard));
      const TransactItems = [...puts.map((Put) => ({ Put })), ...items];
      await platform.dynamodb.send(new TransactWriteItemsCommand({ TransactItems, ClientRequestToken: stamp }));
    }
  } catch (error) {
    const reasons = conflicting(error, each.length + guards.length);
    if (reasons === null) throw error;
    const found = reasons.slice(0, each.length).map(({ item }) => item);
    if (!found.some((item) => item?.written_by?.S === stamp)) {
      return unmetOf(reasons, guards) ?? { kind: 'conflict', found };
    }
  }
  return { kind: 'committed', rows: rows as Rows<T> };
}

/** Which write of an earlier epoch a row builds on: from it one sees that a later one of that epoch was lost (lost_update.ts). */
function inherited(before: Stored<unknown> | null, epoch: number): Pick<Stored<unknown>, 'took_over'> {
  if (before === null) return {};
  if (before.writer_epoch !== epoch) return { took_over: before.written_by };
  return before.took_over === undefined ? {} : { took_over: before.took_over };
}

function put({ config }: StorePlatform, { type, before }: Write<Identified>, row: Stored<Identified>) {
  return {
    TableName: config.table(type.table),
    Item: itemOf(type, row, config.region),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    ...(before === null
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : {
          // Two regions that wrote apart may both have come to one version: the stamp names the very write that was read.
          ConditionExpression: 'version = :version AND written_by = :written_by',
          ExpressionAttributeValues: {
            ':version': { N: String(before.version) },
            ':written_by': { S: before.written_by },
          },
        }),
  };
}

/** Why a transaction was cancelled (API reference of TransactWriteItems): another was faster, or there were too many. */
const lost = ['None', 'ConditionalCheckFailed', 'TransactionConflict'];
const throttled = ['ThrottlingError', 'ProvisionedThroughputExceeded'];

/** Why each part failed, with the item found where a row was not as read; null where the error says something else. */
function conflicting(error: unknown, parts: number): readonly Reason[] | null {
  if (error instanceof ConditionalCheckFailedException) return [{ code: 'ConditionalCheckFailed', item: error.Item }];
  if (error instanceof TransactionConflictException) return Array(parts).fill({ code: 'TransactionConflict' });
  if (!(error instanceof TransactionCanceledException)) return null;
  const reasons = (error.CancellationReasons ?? []).map(({ Code = 'None', Item }) => ({ code: Code, item: Item }));
  if (reasons.some(({ code }) => throttled.includes(code))) throw unavailable();
  return reasons.every(({ code }) => lost.includes(code)) ? reasons : null;
}

/** Of the aggregate's fact with that sequence: the same for whoever works it out. */
export const factId = (zone: ZoneName, aggregateId: string, sequence: number, atMs: number): string =>
  `${idPrefixes.fact}_${zone}_${timeOrderedBody(atMs, [aggregateId, sequence])}`;

function factOf(
  platform: StorePlatform,
  { type, aggregateId }: Recording,
  root: Stored<Identified> | null,
  atMs: number,
  audit: AuditContext,
): Fact {
  const sequence = (root?.sequence ?? 0) + 1;
  const id = (ms: number, each: number): string => factId(platform.config.zone, aggregateId, each, ms);
  return {
    id: id(atMs, sequence),
    type,
    aggregate_type: events[type],
    aggregate_id: aggregateId,
    sequence,
    previous: root === null || root.sequence === 0 ? null : id(root.sequence_at_ms, root.sequence),
    tenant: audit.tenant,
    mode: audit.mode,
    actor: audit.actor,
    on_behalf_of: audit.onBehalfOf,
    request_id: audit.requestId,
    at: timestamp(atMs),
    address: audit.address,
  };
}

/** The row found in a conflict, or undefined where DynamoDB did not return it. */
export const foundRow = <T>(type: RowType<T>, item: Item | undefined): Stored<T> | undefined =>
  item && fromItem(type, item);

/** A change of one row, which is its own aggregate. `before` null: it is created. */
export function commitChange<T extends Identified>(
  platform: StorePlatform,
  type: RowType<T>,
  before: Stored<T> | null,
  change: Change<T>,
  audit: AuditContext,
): Promise<Committed<[T]>>;
export function commitChange<T extends Identified>(
  platform: StorePlatform,
  type: RowType<T>,
  before: Stored<T> | null,
  change: Change<T>,
  audit: AuditContext,
  guards: readonly Guard[],
): Promise<Committed<[T]> | Unmet>;
export function commitChange<T extends Identified>(
  platform: StorePlatform,
  type: RowType<T>,
  before: Stored<T> | null,
  { next, fact }: Change<T>,
  audit: AuditContext,
  guards: readonly Guard[] = [],
): Promise<Committed<[T]> | Unmet> {
  return commit(platform, [{ type, before, next }], fact && { type: fact, aggregateId: next.id }, audit, guards);
}
