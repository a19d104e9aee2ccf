// Settles what crashed or stayed unknown, without anybody repeating the request. A run holds each operation's lease while it
// works, so it never races a handler, and leaves what it cannot finish to the next run.

import { reconcilerLimits as limits } from '../../contract/payments/limits.ts';
import { Defect, defectOf, Refusal } from '../kernel/domain/refusal.ts';
import { timestamp } from '../kernel/platform/clock.ts';
import { systemContext } from '../kernel/store/commit.ts';
import { concurrently, shardsInTurn, walkShard } from '../kernel/store/due.ts';
import { type Item, type Key, keyIn } from '../kernel/store/row.ts';
import { cancelWaiting } from './cancel.ts';
import { correctPayment } from './correct_payment.ts';
import { isOpen } from './domain/operation.ts';
import { hasExpired } from './domain/payer.ts';
import { execute } from './execute.ts';
import { holdLease } from './idempotent_replay.ts';
import type { MoneyPorts } from './ports.ts';
import { loadOperation, lostUpdateNamed, operationOf } from './store.ts';

export interface Reconciled {
  /** Operations that a processor was asked about, whatever the answer. */
  readonly looked: number;
  readonly failed: number;
}

/** What a row of the `due` index names. */
interface Due {
  readonly payment: string;
  readonly modification: string | null;
}

const dueOf = ({ pk, sk }: Key): Due => ({ payment: pk, modification: sk === 'payment' ? null : sk });

/** `runMs` is how long the run may take. */
export async function reconcile(ports: MoneyPorts, requestId: string, runMs: number): Promise<Reconciled> {
  const { platform } = ports;
  const nowMs = platform.clock();
  const stopMs = nowMs + runMs - limits.reserveMs;
  const reconciled = { looked: 0, failed: 0 };
  const one = async (item: Item): Promise<void> => {
    const key = keyIn(item);
    const lost = lostUpdateNamed(key);
    const due = dueOf(key);
    try {
      if (lost !== undefined) await correctPayment(ports, lost, requestId);
      else if (await reconcileOne(ports, due, requestId)) reconciled.looked += 1;
    } catch (error) {
      if (error instanceof Refusal) return;
      reconciled.failed += 1;
      const object = lost?.payment ?? due.modification ?? due.payment;
      platform.log('reconcile_item_failed', { object, defect: defectOf(error) });
    }
  };
  for (const partition of shardsInTurn(nowMs)) {
    const page = { table: 'payments', partition, until: timestamp(nowMs), count: limits.dueItemsPerPage } as const;
    await walkShard(platform, page, stopMs, (items) =>
      concurrently(platform, items, limits.concurrentItems, stopMs, one),
    );
  }
  platform.log('reconcile_finished', { count: reconciled.looked, failed: reconciled.failed, request_id: requestId });
  return reconciled;
}

/** False where it was settled, or another took its lease, in the meantime. */
async function reconcileOne(ports: MoneyPorts, due: Due, requestId: string): Promise<boolean> {
  const found = await loadOperation(ports.platform, due.payment, due.modification);
  if (found === undefined) throw new Defect('a due operation is gone');
  if (!isOpen(operationOf(found))) return false;
  const audit = systemContext('reconciler', found.payment.value, requestId);
  const held = await holdLease(ports, found, audit);
  if (held === null) return false;
  const { stored } = await execute(ports, held, audit);
  // Asked first: what was paid in time is paid.
  const isOver = stored.modification === null && hasExpired(stored.payment.value, ports.platform.clock());
  // It ends what was begun while its tenant might: that asks for no capability, and takes nothing from anybody.
  if (isOver) await cancelWaiting(ports, stored.payment, 'expired', audit, []);
  return true;
}
