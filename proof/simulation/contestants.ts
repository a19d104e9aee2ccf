// The designs that live through the same worlds: the product, and the controls that must be seen to charge twice.

import type { Aftermath } from './aftermath.ts';
import { naive } from './controls/naive.ts';
import { wrapper } from './controls/wrapper.ts';
import type { Plan } from './plan.ts';
import type { SimulatedProcessor } from './processor.ts';
import type { ApiCode } from './product.ts';

export interface Contestant {
  readonly what: string;
  /** Null: the product. */
  readonly code: ((processor: SimulatedProcessor) => ApiCode) | null;
}

export const contestants = {
  product: { what: 'the product', code: null },
  naive: { what: 'charge, then save', code: naive },
  wrapper: { what: 'an idempotency wrapper around that', code: wrapper },
} as const satisfies Record<string, Contestant>;

export type ContestantName = keyof typeof contestants;
export const controlNames = ['naive', 'wrapper'] as const satisfies readonly ContestantName[];

/** Controls only make payments: all else they don't have. */
export const withoutModifications = (plan: Plan): Plan => ({
  ...plan,
  reads: 0,
  webhooks: null,
  connected: false,
  forgeries: [],
  strike: null,
  intentions: plan.intentions.filter(({ payment }) => payment === null),
});

/** Intentions for which the processor took money more than once. */
export const doubleCharged = ({ processor }: Aftermath): number => {
  const charged = processor.ledger.book.latest().filter(({ outcome }) => outcome !== 'declined');
  const byReference = Map.groupBy(charged, ({ reference }) => reference);
  return [...byReference.values()].filter(({ length }) => length > 1).length;
};
