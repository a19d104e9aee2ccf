// One run of the reconciler: settles what crashed or stayed unknown, and retries the events that came too early. The two run side
// by side; what fails in one holds up nothing in the other.

import { isWriter } from '../kernel/platform/writer.ts';
import type { MoneyPorts } from '../payments/ports.ts';
import { type Reconciled, reconcile } from '../payments/reconcile.ts';
import { retryPending } from './retry_pending.ts';

/** `runMs` is how long the run may take. */
export async function runReconciler(ports: MoneyPorts, requestId: string, runMs: number): Promise<Reconciled> {
  // In a standby the writer region's own reconciler does it.
  if (!(await isWriter(ports.platform.writer))) return { looked: 0, failed: 0 };
  const [reconciled, retried] = await Promise.allSettled([
    reconcile(ports, requestId, runMs),
    retryPending(ports, runMs),
  ]);
  if (retried.status === 'rejected') throw retried.reason;
  if (reconciled.status === 'rejected') throw reconciled.reason;
  return reconciled.value;
}
