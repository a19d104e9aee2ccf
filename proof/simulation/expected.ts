// How a payment may end, by what its payment method makes the processor do and by what the times allowed. A world without a
// long outage leaves no excuse: what the processor would charge must be charged.

import type { Aftermath } from './aftermath.ts';
import type { Image } from './history.ts';
import { resendMs } from './plan.ts';

const charged: readonly string[] = ['authorized', 'captured', 'canceled'];
const failed: readonly string[] = ['failed'];

const ends: Readonly<Record<string, readonly string[]>> = {
  pm_test_declined: failed,
  pm_test_insufficient_funds: failed,
  pm_test_timeout_not_charged: failed,
  pm_test_3ds: [...charged, ...failed],
  pm_test_review: [...charged, ...failed],
};

/** Its payer chose, or never did. */
const chosen: readonly string[] = [...charged, ...failed, 'expired'];

export function expectedStatuses({ payment_method, last_error }: Image, { plan }: Aftermath): readonly string[] {
  const struck = plan.strike === null ? [] : last_error?.code === 'processor_misconfigured' ? failed : ['unresolved'];
  const longGone = plan.outage !== null && plan.outage.lastsMs + plan.calmAfterMs > resendMs;
  const usual = [...(payment_method === null ? chosen : (ends[payment_method] ?? charged)), ...struck];
  return longGone ? [...usual, ...failed] : usual;
}
