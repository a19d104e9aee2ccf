// One line of the ledger: an effect on money together with the key that caused it and the answer that it got. They are one line
// so that no crash can keep one and lose the other.

import * as v from 'valibot';
import { outcomes } from './script.ts';

export const modificationKinds = ['capture', 'refund', 'void'] as const;
export type ModificationKind = (typeof modificationKinds)[number];

const Amount = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

const ChargeMade = v.object({
  type: v.literal('charge'),
  id: v.string(),
  /** The merchant's payment. */
  reference: v.string(),
  /** The merchant's object that asked. */
  order: v.string(),
  amount: Amount,
  currency: v.string(),
  /** Null: its payer chooses one in the processor's fields. */
  payment_method: v.nullable(v.string()),
  capture: v.boolean(),
  outcome: v.picklist(outcomes),
  decline_code: v.nullable(v.string()),
});

const ModificationMade = v.object({
  type: v.literal('modification'),
  id: v.string(),
  charge: v.string(),
  order: v.string(),
  kind: v.picklist(modificationKinds),
  amount: Amount,
  status: v.picklist(['succeeded', 'failed']),
  code: v.nullable(v.string()),
});

/** The payer finished a challenge, or a person decided a review. */
const Settled = v.object({
  type: v.literal('settlement'),
  charge: v.string(),
  approved: v.boolean(),
  decline_code: v.nullable(v.string()),
});

/** The payer of a charge that was made without one chose a payment method. Declined, they may choose again. */
const Attempt = v.object({
  type: v.literal('attempt'),
  charge: v.string(),
  payment_method: v.nullable(v.string()),
  outcome: v.picklist(outcomes),
  decline_code: v.nullable(v.string()),
});

/** An order that moved nothing: recorded so that bad orders are visible, and so that its key never moves anything. */
const Refused = v.object({
  type: v.literal('refusal'),
  kind: v.picklist(['charge', ...modificationKinds]),
  reference: v.string(),
  order: v.string(),
  amount: Amount,
  code: v.string(),
});

const Effect = v.variant('type', [ChargeMade, ModificationMade, Settled, Attempt, Refused]);

/** The request that caused the effect: its key, the digest of its body, and the first answer, byte for byte. */
const Request = v.object({ key: v.string(), digest: v.string(), status: v.number(), body: v.string() });

export const Entry = v.object({
  /** RFC 3339, UTC, milliseconds. */
  at: v.pipe(v.string(), v.isoTimestamp()),
  effect: Effect,
  request: v.nullable(Request),
});

export type ChargeMade = v.InferOutput<typeof ChargeMade>;
export type ModificationMade = v.InferOutput<typeof ModificationMade>;
export type Attempt = v.InferOutput<typeof Attempt>;
export type Settled = v.InferOutput<typeof Settled>;
export type Effect = v.InferOutput<typeof Effect>;
export type Entry = v.InferOutput<typeof Entry>;
