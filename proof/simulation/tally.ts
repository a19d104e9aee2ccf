// What a run adds up to. Plain numbers and lists, so that threads can send them.

import type { Aftermath } from './aftermath.ts';
import type { Fault } from './faults.ts';
import type { Violation } from './invariants.ts';
import type { Schedule } from './schedule.ts';

/** A world in which something did not hold. */
export interface Broken {
  readonly world: string;
  readonly violations: readonly Violation[];
  readonly schedule: Schedule;
}

export interface Tally {
  worlds: number;
  operations: number;
  requests: number;
  calls: number;
  facts: number;
  /** Webhooks that were sent. */
  hits: number;
  /** What the processor told of its own accord. */
  notifications: number;
  faults: Partial<Record<Fault, number>>;
  /** Controls: operations for which the processor took money more than once. */
  doubleCharges: number;
  brokenWorlds: number;
  /** The first of them. */
  broken: Broken[];
}

const numbers = [
  'worlds',
  'operations',
  'requests',
  'calls',
  'facts',
  'hits',
  'notifications',
  'doubleCharges',
  'brokenWorlds',
] as const;

export const emptyTally = (): Tally => ({
  worlds: 0,
  operations: 0,
  requests: 0,
  calls: 0,
  facts: 0,
  hits: 0,
  notifications: 0,
  faults: {},
  doubleCharges: 0,
  brokenWorlds: 0,
  broken: [],
});

const mostBroken = 3;

export function count(
  tally: Tally,
  left: Aftermath,
  facts: number,
  violations: readonly Violation[],
  world: string,
  schedule: Schedule | null,
): void {
  tally.worlds += 1;
  tally.operations += left.asked;
  tally.requests += left.counted.requests;
  tally.calls += left.counted.calls;
  tally.facts += facts;
  tally.hits += left.webhooks.hits.length;
  tally.notifications += left.notifications.length;
  for (const { fault } of left.met) tally.faults[fault] = (tally.faults[fault] ?? 0) + 1;
  if (violations.length === 0 || schedule === null) return;
  tally.brokenWorlds += 1;
  if (tally.broken.length < mostBroken) tally.broken.push({ world, violations, schedule });
}

export function add(tally: Tally, other: Tally): void {
  for (const name of numbers) tally[name] += other[name];
  for (const [fault, number] of Object.entries(other.faults) as [Fault, number][]) {
    tally.faults[fault] = (tally.faults[fault] ?? 0) + number;
  }
  tally.broken = [...tally.broken, ...other.broken].slice(0, mostBroken);
}
