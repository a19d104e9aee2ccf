// The payments table: a payment and its modifications share a partition; the payment's row is the aggregate's root.

import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { idPrefixes } from '../../contract/kernel/vocabulary.ts';
import { moneyLimits } from '../../contract/payments/limits.ts';
import type { Change } from '../kernel/domain/decision.ts';
import { Defect, Refusal } from '../kernel/domain/refusal.ts';
import { ownerOf, ownScope, type TenantScope } from '../kernel/domain/tenant_scope.ts';
import { type AuditContext, commit, type ReadPlatform, type StorePlatform } from '../kernel/store/commit.ts';
import type { Guard, Unmet } from '../kernel/store/guard.ts';
import { batchGet, load } from '../kernel/store/load.ts';
import { conflict } from '../kernel/store/retry.ts';
import { fromItem, type Item, type Key, type NamedRow, type RowType, type Stored } from '../kernel/store/row.ts';
import { LostUpdate } from './domain/lost_update.ts';
import { Modification, type ModificationKind } from './domain/modification.ts';
import type { ProcessorOperation } from './domain/operation.ts';
import { Payment } from './domain/payment.ts';

const lostUpdates = 'lost#';

export const paymentRow: NamedRow<Payment> = {
  table: 'payments',
  schema: Payment,
  kind: 'payment',
  scope: ownScope,
  key: ({ id }) => ({ pk: id, sk: 'payment' }),
  listed: (payment) => ({ owner: ownerOf(payment), id: payment.id, since: payment.created_at }),
  due: ({ id, intent }) => (intent.due_at_ms === null ? null : { id, atMs: intent.due_at_ms }),
  lookup: (payment) =>
    payment.reference_digest
      ? { owner: ownerOf(payment), digest: payment.reference_digest, id: payment.id, since: payment.created_at }
      : null,
};

/** Under which an owner's refunds are listed, across payments. */
export const refundsOf = (scope: TenantScope): string => `${ownerOf(scope)}#refunds`;

export const modificationRow: RowType<Modification> = {
  table: 'payments',
  schema: Modification,
  key: ({ id, payment }) => ({ pk: payment, sk: id }),
  listed: (modification) =>
    modification.object === 'refund'
      ? { owner: refundsOf(modification), id: modification.id, since: modification.created_at }
      : null,
  due: ({ id, intent }) => (intent.due_at_ms === null ? null : { id, atMs: intent.due_at_ms }),
};

export const lostUpdateRow: RowType<LostUpdate> = {
  table: 'payments',
  schema: LostUpdate,
  key: ({ id, payment }) => ({ pk: `${lostUpdates}${payment}`, sk: id }),
  due: ({ id, due_at_ms }) => (due_at_ms === null ? null : { id, atMs: due_at_ms }),
};

/** The name of a row that holds a lost update; undefined for every other row of the table. */
export function lostUpdateNamed({ pk, sk }: Key): Pick<LostUpdate, 'id' | 'payment'> | undefined {
  return pk.startsWith(lostUpdates) ? { id: sk, payment: pk.slice(lostUpdates.length) } : undefined;
}

/** A processor operation as read. */
export interface StoredOperation {
  readonly payment: Stored<Payment>;
  readonly modification: Stored<Modification> | null;
}

export const operationOf = ({ payment, modification }: StoredOperation): ProcessorOperation => ({
  payment: payment.value,
  modification: modification?.value ?? null,
});

/** The payment and one of its modifications in one call; either is undefined where it does not exist. */
export async function loadWithModification(
  platform: StorePlatform,
  paymentId: string,
  modificationId: string,
): Promise<{ payment: Stored<Payment> | undefined; modification: Stored<Modification> | undefined }> {
  const keys = [
    { pk: paymentId, sk: 'payment' },
    { pk: paymentId, sk: modificationId },
  ];
  const read = await batchGet(platform, { payments: { keys, consistent: true } });
  const items = read('payments');
  const payment = items.find((item) => item.sk?.S === 'payment');
  const modification = items.find((item) => item.sk?.S === modificationId);
  return {
    payment: payment && fromItem(paymentRow, payment),
    modification: modification && fromItem(modificationRow, modification),
  };
}

export async function loadOperation(
  platform: StorePlatform,
  paymentId: string,
  modificationId: string | null,
): Promise<StoredOperation | undefined> {
  if (modificationId === null) {
    const payment = await load(platform, paymentRow, { id: paymentId });
    return payment && { payment, modification: null };
  }
  const { payment, modification } = await loadWithModification(platform, paymentId, modificationId);
  return payment && modification && { payment, modification };
}

/** All modifications of one kind, in no order. Two regions that wrote apart may have made twice as many as one may. */
export async function loadModifications(
  platform: Pick<ReadPlatform, 'config' | 'dynamodb'>,
  paymentId: string,
  kind: ModificationKind,
): Promise<Stored<Modification>[]> {
  const { modificationsPerKind: Limit, modificationPages } = moneyLimits;
  const modifications: Stored<Modification>[] = [];
  let from: Item | undefined;
  for (let page = 0; page === 0 || from !== undefined; page += 1) {
    if (page === modificationPages) throw new Defect('a payment has more modifications than two regions can make');
    const { Items = [], LastEvaluatedKey } = await platform.dynamodb.send(
      new QueryCommand({
        TableName: platform.config.table('payments'),
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: { ':pk': { S: paymentId }, ':prefix': { S: `${idPrefixes[kind]}_` } },
        ConsistentRead: true,
        Limit,
        ExclusiveStartKey: from,
      }),
    );
    modifications.push(...Items.map((item) => fromItem(modificationRow, item)));
    from = LastEvaluatedKey;
  }
  return modifications;
}

/** Refuses where a check did not hold. */
function met<D extends { readonly kind: string }>(done: D | Unmet): D {
  if ('refused' in done) throw new Refusal(done.refused);
  return done;
}

/**
 * Writes an operation's next state; a modification that was not there before is created. Without a fact only the object that
 * asks has changed (its lease, its next recheck, its first reply), so that alone is written, unless it is new. Refuses where a
 * check does not hold.
 */
export async function commitOperation(
  platform: StorePlatform,
  before: StoredOperation,
  { next, fact }: Change<ProcessorOperation>,
  audit: AuditContext,
  checks: readonly Guard[] = [],
): Promise<StoredOperation | typeof conflict> {
  const recording = fact && { type: fact, aggregateId: next.payment.id };
  const payment = { type: paymentRow, before: before.payment, next: next.payment };
  if (next.modification === null) {
    const done = met(await commit(platform, [payment], recording, audit, checks));
    return done.kind === 'conflict' ? conflict : { payment: done.rows[0], modification: null };
  }
  const modification = { type: modificationRow, before: before.modification, next: next.modification };
  if (recording === null && before.modification !== null) {
    const done = met(await commit(platform, [modification], null, audit, checks));
    return done.kind === 'conflict' ? conflict : { payment: before.payment, modification: done.rows[0] };
  }
  if (fact?.startsWith('payment.')) {
    const done = met(await commit(platform, [modification, payment], recording, audit, checks));
    return done.kind === 'conflict' ? conflict : { payment: done.rows[1], modification: done.rows[0] };
  }
  const done = met(await commit(platform, [payment, modification], recording, audit, checks));
  return done.kind === 'conflict' ? conflict : { payment: done.rows[0], modification: done.rows[1] };
}
