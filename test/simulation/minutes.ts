// What happens every minute: the sweeper runs, and payers and reviewers act. It goes on until nothing is open any more, or
// until what is still open has had more time than anything should need.

import { moneyLimits } from '../../contract/limits.ts';
import type { business } from './business.ts';
import type { Draw } from './draw.ts';
import type { Timeline } from './timeline.ts';

export interface MinutePorts {
  readonly timeline: Timeline;
  readonly draw: Draw;
  /** From then on nothing goes wrong any more. */
  readonly calmAtMs: number;
  readonly business: Pick<ReturnType<typeof business>, 'done' | 'payersAct' | 'waiting'>;
  /** Positions in the `due` index (time and object) of all that is not settled. */
  readonly openRows: () => string[];
  readonly streamsDrained: () => boolean;
  /** A run of the sweeper, by its address. */
  readonly sweep: (address: string) => void;
}

const minuteMs = 60_000;
/** After the last fault and the last client: long enough for what is looked at hourly. */
const horizonMs = 3 * moneyLimits.recheckMaxMs;
const timestampChars = '2026-01-02T00:00:00.000Z'.length;

export function passingMinutes({ timeline, draw, calmAtMs, business, openRows, streamsDrained, sweep }: MinutePorts) {
  let unfinished: string[] = [];
  let quietSinceMs: number | null = null;

  const minute = (count: number): void => {
    sweep(`sweeper.${count}`);
    business.payersAct(count);
    const now = timeline.now();
    const quiet = business.done() && now >= calmAtMs;
    if (quiet) quietSinceMs ??= now;
    const open = quiet ? openRows().sort() : [];
    const left = [...business.waiting(), ...open, ...(streamsDrained() ? [] : ['a stream'])];
    if (quiet && left.length === 0) return;
    if (quietSinceMs !== null && now > quietSinceMs + horizonMs) {
      unfinished = left;
      return;
    }
    // Minutes in which nothing is due are not worth living through.
    const [soonest] = open;
    const dueMs = soonest === undefined ? 0 : Date.parse(soonest.slice(0, timestampChars)) - now;
    timeline.after(Math.max(minuteMs, Math.ceil(dueMs / minuteMs) * minuteMs), () => minute(count + 1));
  };
  timeline.after(minuteMs * draw.fraction('first minute'), () => minute(1));

  return {
    /** Who never came to an end, and why the world ended all the same. */
    unfinished: (): readonly string[] => unfinished,
  };
}
