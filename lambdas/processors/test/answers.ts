// The shapes of the test processor's answers. What fits none of them is no answer: nothing here is cast or defaulted.

import * as v from 'valibot';

const Name = v.pipe(v.string(), v.maxLength(255));
const Amount = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const ChargeId = v.pipe(v.string(), v.regex(/^ch_[A-Za-z0-9]{1,64}$/));
const Code = v.pipe(v.string(), v.regex(/^[a-z0-9_]{1,64}$/));
/** Relative: a challenge is always at the processor that we know. */
const ActionPath = v.pipe(v.string(), v.regex(/^\/(?:actions|fields)\/[A-Za-z0-9_]{1,80}$/));

export const ModificationAnswer = v.object({
  charge: ChargeId,
  reference: Name,
  kind: v.picklist(['capture', 'refund', 'void']),
  amount: Amount,
  status: v.picklist(['succeeded', 'failed']),
  code: v.nullable(Code),
});

const charge = {
  id: ChargeId,
  reference: Name,
  order: Name,
  amount: Amount,
  currency: v.string(),
  capture: v.boolean(),
  payment_method: v.nullish(Name, null),
  modifications: v.array(ModificationAnswer),
};

export const ChargeAnswer = v.variant('status', [
  v.object({ ...charge, status: v.picklist(['approved', 'in_review', 'pending', 'canceled']) }),
  v.object({
    ...charge,
    status: v.picklist(['requires_action', 'requires_payment_method']),
    action_url: ActionPath,
    /** Why the payer's last attempt failed. */
    decline_code: v.nullish(Code, null),
  }),
]);

/** Only an explicit `charged: false` is a promise that nothing moved. */
export const NotChargedAnswer = v.object({
  error: v.object({
    code: Code,
    charged: v.literal(false),
    decline_code: v.nullish(Code, null),
  }),
});

export const ChargeList = v.object({
  data: v.array(ChargeAnswer),
  has_more: v.boolean(),
  /** Requests for the reference that may still write a charge. */
  requests_running: Amount,
});

export const DeclineList = v.object({
  data: v.array(v.object({ reference: Name, order: Name, decline_code: v.nullable(Code) })),
  has_more: v.boolean(),
});

export type ChargeAnswer = v.InferOutput<typeof ChargeAnswer>;
export type ModificationAnswer = v.InferOutput<typeof ModificationAnswer>;
