// The sweeper: settles what crashed or stayed unknown, without anybody repeating the request. It holds each instruction's
// lease while it works, so it never meets a handler, and it leaves what it cannot finish to the next run.

import { sweeperLimits as limits } from '../../contract/limits.ts';
import { dueShards } from '../../contract/tables.ts';
import { isOpen } from '../domain/instruction.ts';
import { Defect, Refusal } from '../domain/refusal.ts';
import { timestamp } from '../platform/clock.ts';
import type { Act } from '../store/commit.ts';
import { dueInstructions } from '../store/due.ts';
import { instructionOf, loadInstruction } from '../store/payments.ts';
import { carry } from './carry.ts';
import type { MoneyPorts } from './ports.ts';
import { holdLease } from './repeat.ts';

export interface Swept {
  readonly settled: number;
  readonly failed: number;
}

/** `runMs` is how long the run may take. */
export async function sweep(ports: MoneyPorts, requestId: string, runMs: number): Promise<Swept> {
  const { platform } = ports;
  const stopMs = platform.clock() + runMs - limits.reserveMs;
  let settled = 0;
  let failed = 0;
  for (let shard = 0; shard < dueShards; shard += 1) {
    const due = await dueInstructions(platform, shard, timestamp(platform.clock()), limits.dueItemsPerShard);
    const workers = Array.from({ length: limits.concurrentItems }, async () => {
      for (let next = due.pop(); next !== undefined && platform.clock() < stopMs; next = due.pop()) {
        try {
          if (await sweepOne(ports, next, requestId)) settled += 1;
        } catch (error) {
          if (error instanceof Refusal) continue;
          failed += 1;
          platform.log('sweep_item_failed', {
            object: next.modification ?? next.payment,
            defect: error instanceof Defect ? error.message : error instanceof Error ? error.name : 'unknown',
          });
        }
      }
    });
    await Promise.all(workers);
  }
  platform.log('sweep_finished', { count: settled, failed, request_id: requestId });
  return { settled, failed };
}

/** False where it was settled, or taken by another, in the meantime. */
async function sweepOne(
  ports: MoneyPorts,
  due: { readonly payment: string; readonly modification: string | null },
  requestId: string,
): Promise<boolean> {
  const found = await loadInstruction(ports.platform, due.payment, due.modification);
  if (found === undefined) throw new Defect('a due instruction is gone');
  const instruction = instructionOf(found);
  if (!isOpen(instruction)) return false;
  const { tenant, mode } = instruction.payment;
  const act: Act = {
    tenant,
    mode,
    actor: { kind: 'system', id: 'sweeper' },
    onBehalfOf: null,
    requestId,
    address: null,
  };
  const held = await holdLease(ports, found, instruction, act);
  if (held === null) return false;
  await carry(ports, held, act);
  return true;
}
