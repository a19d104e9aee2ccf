// The sweeper: settles what crashed or stayed unknown, without anybody repeating the request. It holds each instruction's
// lease while it works, so it never meets a handler, and it leaves what it cannot finish to the next run.

import { dueShards } from '../../contract/kernel/table.ts';
import { reconcilerLimits as limits } from '../../contract/payments/limits.ts';
import { Defect, defectOf, Refusal } from '../kernel/operation/refusal.ts';
import { timestamp } from '../kernel/platform/clock.ts';
import type { AuditContext } from '../kernel/store/commit.ts';
import { isOpen } from './domain/operation.ts';
import { dueOperations } from './due.ts';
import { execute } from './execute.ts';
import type { MoneyPorts } from './ports.ts';
import { holdLease } from './repeat.ts';
import { loadOperation, operationOf } from './store.ts';

export interface Reconciled {
  /** Instructions that were asked about, whatever the answer. */
  readonly looked: number;
  readonly failed: number;
}

type Due = Awaited<ReturnType<typeof dueOperations>>['due'][number];

/**
 * `runMs` is how long the run may take. Every shard is gone through page by page while time is left, so that what fails in
 * front holds up nothing behind it; each run begins with another shard, so that none is always last.
 */
export async function reconcile(ports: MoneyPorts, requestId: string, runMs: number): Promise<Reconciled> {
  const { platform } = ports;
  const now = platform.clock();
  const stopMs = now + runMs - limits.reserveMs;
  const first = Math.floor(now / 60_000) % dueShards;
  const swept = { looked: 0, failed: 0 };
  for (let turn = 0; turn < dueShards; turn += 1) {
    let after: Awaited<ReturnType<typeof dueOperations>>['last'];
    do {
      const shard = (first + turn) % dueShards;
      const page = await dueOperations(platform, shard, timestamp(now), limits.dueItemsPerPage, after);
      await Promise.all(
        Array.from({ length: limits.concurrentItems }, () => work(ports, page.due, stopMs, requestId, swept)),
      );
      after = page.last;
    } while (after !== undefined && platform.clock() < stopMs);
  }
  platform.log('sweep_finished', { count: swept.looked, failed: swept.failed, request_id: requestId });
  return swept;
}

/** Takes one after the other from the front; several of these share a page. */
async function work(
  ports: MoneyPorts,
  due: Due[],
  stopMs: number,
  requestId: string,
  swept: { looked: number; failed: number },
): Promise<void> {
  for (let next = due.shift(); next !== undefined && ports.platform.clock() < stopMs; next = due.shift()) {
    try {
      if (await reconcileOne(ports, next, requestId)) swept.looked += 1;
    } catch (error) {
      if (error instanceof Refusal) continue;
      swept.failed += 1;
      ports.platform.log('sweep_item_failed', {
        object: next.modification ?? next.payment,
        defect: defectOf(error),
      });
    }
  }
}

/** False where it was settled, or taken by another, in the meantime. */
async function reconcileOne(ports: MoneyPorts, due: Due, requestId: string): Promise<boolean> {
  const found = await loadOperation(ports.platform, due.payment, due.modification);
  if (found === undefined) throw new Defect('a due instruction is gone');
  const instruction = operationOf(found);
  if (!isOpen(instruction)) return false;
  const { tenant, mode } = instruction.payment;
  const act: AuditContext = {
    tenant,
    mode,
    actor: { kind: 'system', id: 'reconciler' },
    onBehalfOf: null,
    requestId,
    address: null,
  };
  const held = await holdLease(ports, found, instruction, act);
  if (held === null) return false;
  await execute(ports, held, act);
  return true;
}
