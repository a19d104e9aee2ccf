// A time in which the processor does not do what it is for: it refuses the account whatever is asked, or carries out all and
// answers nothing. Inert data, drawn from the world's seed.

import { moneyLimits } from '../../contract/payments/limits.ts';
import type { Draw } from './draw.ts';

export interface Strike {
  readonly as: 'refuses' | 'silent';
  readonly fromMs: number;
  readonly untilMs: number;
}

const hourMs = 3_600_000;

/** Share of the worlds with a strike; of these, of those that outlast the time in which anything may be open. */
const withStrike = 0.08;
const forEver = 0.3;

/** In which nothing runs, so that a strike can outlast what is open without a month of looks. */
export const monthWithout = (atMs: number) => ({ atMs, lastsMs: moneyLimits.unresolvedAfterMs + 2 * hourMs });

/** Ends when all that was open before the month has been looked at once more. */
export const strikeThrough = (as: Strike['as'], fromMs: number, month: { readonly atMs: number }): Strike => ({
  ...{ as, fromMs },
  untilMs: month.atMs + moneyLimits.unresolvedAfterMs + 3 * hourMs,
});

export const isForEver = (strike: Strike | null): boolean =>
  strike !== null && strike.untilMs > moneyLimits.unresolvedAfterMs;

/** `spanMs`: in which merchants are busy. `mayLast`: for ever. */
export function strikeOf(draw: Draw, spanMs: number, mayLast: boolean): Strike | null {
  if (!draw.chance('strike', withStrike)) return null;
  const as = draw.pick('strike as', ['refuses', 'silent'] as const);
  const fromMs = Math.round(draw.between('strike from', 0, spanMs));
  if (mayLast && draw.chance('strike for ever', forEver)) return strikeThrough(as, fromMs, monthWithout(spanMs));
  return { as, fromMs, untilMs: fromMs + Math.round(draw.between('strike for', 5_000, hourMs / 6)) };
}
