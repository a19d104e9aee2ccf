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

/** Without their payer they are declined. */
const needsPayer: readonly string[] = ['pm_test_3ds', 'pm_test_authentication_required'];

/** Its payer chose, or never did. */
const chosen: readonly string[] = [...charged, ...failed, 'expired'];

/** The token behind a saved method of its own tenant's; undefined: it is nobody's, or another's. */
const tokenOf = ({ payment_method, tenant }: Image, merchants: Aftermath['merchants']): string | undefined => {
  if (!payment_method?.startsWith('pmt_')) return payment_method ?? undefined;
  const own = merchants.find((each) => each.tenant === tenant);
  return Object.entries(own?.savedMethods ?? {}).find(([, id]) => id === payment_method)?.[0];
};

export function expectedStatuses(payment: Image, { plan, merchants }: Aftermath): readonly string[] {
  const { payment_method, last_error, off_session } = payment;
  const token = tokenOf(payment, merchants);
  if (payment_method !== null && token === undefined) return ['none: its payment method is another’s'];
  const struck = plan.strike === null ? [] : last_error?.code === 'processor_misconfigured' ? failed : ['unresolved'];
  const longGone = plan.outage !== null && plan.outage.lastsMs + plan.calmAfterMs > resendMs;
  const isMissed = off_session && needsPayer.includes(token ?? '');
  const byMethod = token === undefined ? chosen : isMissed ? failed : (ends[token] ?? charged);
  const usual = [...byMethod, ...struck];
  return longGone ? [...usual, ...failed] : usual;
}
