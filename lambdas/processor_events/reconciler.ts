// One run of the sweeper: settles what crashed or stayed unknown, and looks again at what providers told too early. Side by
// side; what fails in one holds up nothing in the other.

import type { MoneyPorts } from '../payments/ports.ts';
import { type Reconciled, reconcile } from '../payments/reconcile.ts';
import { retryPending } from './retry_pending.ts';

/** `runMs` is how long the run may take. */
export async function run(ports: MoneyPorts, requestId: string, runMs: number): Promise<Reconciled> {
  const [swept, looked] = await Promise.allSettled([reconcile(ports, requestId, runMs), retryPending(ports, runMs)]);
  if (looked.status === 'rejected') throw looked.reason;
  if (swept.status === 'rejected') throw swept.reason;
  return swept.value;
}
