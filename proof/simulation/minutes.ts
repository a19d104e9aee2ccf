// What happens every minute: the reconciler and the dispatcher run, and payers and reviewers act. It goes on until nothing is
// open any more, or until what is still open has had more time than anything should need.

import { moneyLimits } from '../../contract/payments/limits.ts';
import type { Business } from './business.ts';
import type { Draw } from './draw.ts';
import type { Timeline } from './timeline.ts';

export interface MinutePorts {
  readonly timeline: Timeline;
  readonly draw: Draw;
  /** From then on nothing goes wrong any more. */
  readonly calmAtMs: number;
  readonly business: Pick<Business, 'done' | 'payersAct' | 'waiting'>;
  /** When merchants do what they are still to do (ms since the epoch). */
  readonly acts: () => number[];
  /** Positions in the `due` index (time and object) of all that time will bring up. */
  readonly openRows: (table: 'payments' | 'webhooks' | 'processor_events') => string[];
  readonly streamsDrained: () => boolean;
  readonly queueDrained: () => boolean;
  /** A run, by its number. */
  readonly reconcile: (run: number) => void;
  readonly dispatch: (run: number) => void;
}

const minuteMs = 60_000;
/** After the last fault and the last client, or after it was due: long enough for what is looked at hourly. */
const horizonMs = 3 * moneyLimits.recheckMaxMs;
const timestampChars = '2026-01-02T00:00:00.000Z'.length;
const dueMs = (position: string): number => Date.parse(position.slice(0, timestampChars));

export function passingMinutes(ports: MinutePorts) {
  const { timeline, draw, calmAtMs, business, openRows } = ports;
  let unfinished: string[] = [];
  /** Since when there was always something open, with nothing going wrong and nobody asking any more. */
  let openSinceMs: number | null = null;
  /** Since when nothing goes wrong and nobody asks: what fell due while nothing ran has its time from then on. */
  let quietSinceMs: number | null = null;

  const minute = (run: number): void => {
    business.payersAct(run);
    const now = timeline.now();
    const quiet = business.done() && now >= calmAtMs;
    quietSinceMs = quiet ? (quietSinceMs ?? now) : null;
    const payments = quiet ? openRows('payments') : [];
    const deliveries = quiet ? openRows('webhooks') : [];
    const providerRows = quiet ? openRows('processor_events') : [];
    const isDueSoon = (position: string): boolean => dueMs(position) < now + 2 * minuteMs;
    // Runs that would find nothing are not worth living through.
    if (!quiet || payments.length > 0 || providerRows.some(isDueSoon)) ports.reconcile(run);
    if (!quiet || deliveries.some(isDueSoon)) ports.dispatch(run);
    const acts = ports.acts();
    const relayed = ports.streamsDrained();
    const left = [...business.waiting(), ...payments, ...(relayed ? [] : ['a stream'])];
    const waits = deliveries.length + providerRows.length + acts.length > 0 || !ports.queueDrained();
    if (quiet && left.length === 0 && !waits) return;
    openSinceMs = quiet && left.length > 0 ? (openSinceMs ?? now) : null;
    const overdue = [...deliveries, ...providerRows].filter(
      (position) => now > Math.max(dueMs(position), quietSinceMs ?? now) + horizonMs,
    );
    unfinished = [...(now > (openSinceMs ?? now) + horizonMs ? left : []), ...overdue];
    if (unfinished.length > 0) return;
    // Nor minutes in which nothing is due; what is still in the queue may make something due.
    const settled = quiet && relayed && ports.queueDrained();
    const soonestMs = settled ? Math.min(...[...payments, ...deliveries, ...providerRows].map(dueMs), ...acts) : now;
    const afterMs = Number.isFinite(soonestMs) ? Math.ceil((soonestMs - now) / minuteMs) * minuteMs : 0;
    timeline.after(Math.max(minuteMs, afterMs), () => minute(run + 1));
  };
  timeline.after(minuteMs * draw.fraction('first minute'), () => minute(1));

  return {
    /** Who never came to an end, and why the world ended all the same. */
    unfinished: (): readonly string[] => unfinished,
  };
}
