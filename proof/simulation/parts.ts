// A long run in parts: each lives through worlds of its own, so that a million operations fit into several sittings.

/** Part `number` of `of`; the whole is part 1 of 1. */
export interface Part {
  readonly number: number;
  readonly of: number;
}

export const theWhole: Part = { number: 1, of: 1 };

/** Far more worlds than any part lives through: parts never share one. */
const worldsOfPart = 10_000_000;

export const firstWorldOf = ({ number }: Part): number => (number - 1) * worldsOfPart;

export const operationsOf = ({ of }: Part, operations: number): number => Math.ceil(operations / of);
