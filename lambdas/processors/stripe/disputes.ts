// Stripe's disputes: what each status means here. A status is decided by this table, whichever event shows it; one that is not in
// the table says nothing, and is ignored until it is decided here. A dispute that ended may be opened again by an appeal, and end
// otherwise: so the latest status counts, by the time at which Stripe made the event, and events may come in any order.
//
// Source: docs.stripe.com/api/disputes/object, "status" (version 2026-10-28.endive; read 2026-12).

import * as v from 'valibot';
import type { DisputeReport } from '../domain/fact.ts';
import { Amount, Currency, IntentId } from './answers.ts';

export const Dispute = v.object({
  id: v.pipe(v.string(), v.regex(/^(?:du|dp)_[A-Za-z0-9]{1,64}$/)),
  object: v.literal('dispute'),
  payment_intent: v.nullable(IntentId),
  status: v.string(),
  amount: Amount,
  currency: Currency,
});

const disputeStages: ReadonlyMap<string, Omit<DisputeReport, 'dispute'>> = new Map([
  // An inquiry of the bank, which may become a dispute: no money has moved, and a refund may still answer it.
  ['warning_needs_response', { stage: 1, open: true }],
  ['warning_under_review', { stage: 2, open: true }],
  ['needs_response', { stage: 3, open: true }],
  ['under_review', { stage: 4, open: true }],
  ['warning_closed', { stage: 5, open: false, outcome: 'closed' }],
  // Settled by a refund before it became one.
  ['prevented', { stage: 5, open: false, outcome: 'closed' }],
  ['won', { stage: 5, open: false, outcome: 'won' }],
  ['lost', { stage: 5, open: false, outcome: 'lost' }],
  ['appeal_needs_response', { stage: 6, open: true }],
  ['appeal_under_review', { stage: 7, open: true }],
]);

/** More than there are stages: of events of one second the stage of the table counts. */
const stagesInASecond = 16;

/** What an event of that second says of a dispute with this status; null for a status that says nothing. */
export function disputeStage(status: string, createdSeconds: number): Omit<DisputeReport, 'dispute'> | null {
  const known = disputeStages.get(status);
  return known === undefined ? null : { ...known, stage: createdSeconds * stagesInASecond + known.stage };
}
