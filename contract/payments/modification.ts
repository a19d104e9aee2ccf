// Captures, refunds and voids: what changes a payment after it was authorized ("modifications" in the processors' words).

import * as v from 'valibot';
import { Amount, Currency, Id, Mode, RequestedAmount, Text, Timestamp } from '../kernel/fields.ts';
import { requestLimits as limits } from '../kernel/limits.ts';
import { createdFilters, ListQuery } from '../kernel/list.ts';
import { LastError } from './payment.ts';

export const modificationStatuses = [
  'processing',
  /** Its outcome was never told in the time that anything may take. What it holds stays held. */
  'unresolved',
  'succeeded',
  'failed',
] as const;

/** Without an amount: all that is authorized and neither captured, voided nor reserved. */
export const CreateCapture = v.strictObject({ amount: v.optional(RequestedAmount) });

export const ListAllRefundsQuery = v.strictObject({
  ...ListQuery.entries,
  status: v.optional(v.picklist(modificationStatuses, `Expected one of ${modificationStatuses.join(', ')}`)),
  ...createdFilters,
});

/** Without an amount: all that is captured and neither refunded nor reserved. */
export const CreateRefund = v.strictObject({
  amount: v.optional(RequestedAmount),
  despite_dispute: v.optional(v.boolean()),
  reason: v.optional(Text(limits.reasonChars)),
});

/** Voids all that is authorized and neither captured, voided nor reserved. */
export const CreateVoid = v.strictObject({});

const modification = {
  mode: Mode,
  status: v.picklist(modificationStatuses),
  amount: Amount,
  currency: Currency,
  payment: Id('payment'),
  last_error: v.nullable(LastError),
  created_at: Timestamp,
};

export const Capture = v.object({ id: Id('capture'), object: v.literal('capture'), ...modification });
export const Refund = v.object({
  id: Id('refund'),
  object: v.literal('refund'),
  ...modification,
  reason: v.nullable(v.string()),
});
export const Void = v.object({ id: Id('void'), object: v.literal('void'), ...modification });
