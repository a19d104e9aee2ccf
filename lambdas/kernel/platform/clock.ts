// Time as an argument: everything that decides gets `now` from here, so that tests and simulations own the clock.

/** Milliseconds since the Unix epoch. */
export type Clock = () => number;

export const systemClock: Clock = Date.now;

/** RFC 3339, UTC, milliseconds: the only form in which times are stored and shown. */
export const timestamp = (ms: number): string => new Date(ms).toISOString();
