// Which lies somebody writes into tables in a world, and when, and by what they are known. Inert data, drawn from the world's
// seed.

import type { Forgery } from '../../lambdas/relay/forgery.ts';
import type { Draw } from './draw.ts';

/** A fact that lies about one thing, and when it is written. */
export interface PlannedForgery {
  readonly about: Forgery;
  readonly atMs: number;
}

/** A fact that lies, and every other id that was made up. */
export interface Forged {
  readonly about: Forgery;
  readonly ids: readonly string[];
}

/** With which their request ids begin. */
export const forger = 'forger.';

/** Whether a fact was forged: all of them name who wrote them. */
export const isForged = (requestId: string | undefined): boolean => requestId?.startsWith(forger) === true;

const forgeries: Readonly<Record<Forgery, true>> = {
  ...{ table: true, type: true, key: true, object: true },
  ...{ aggregate: true, owner: true, id: true, sequence: true },
};

/** Share of the worlds in which somebody writes facts that lie: one of each lie. */
const withForgeries = 0.25;

/** `spanMs`: in which merchants are busy. */
export const forgeriesOf = (draw: Draw, spanMs: number): readonly PlannedForgery[] =>
  draw.chance('forgeries', withForgeries)
    ? (Object.keys(forgeries) as Forgery[]).map((about) => ({
        about,
        atMs: Math.round(draw.between(`forgery of ${about}`, spanMs / 4, spanMs)),
      }))
    : [];
