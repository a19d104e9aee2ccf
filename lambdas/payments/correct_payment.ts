// Puts a payment right whose write was lost to the other region: in the region that writes now, from what both regions have.

import type { HandlerPorts } from '../kernel/operation/call.ts';
import { commit, systemContext } from '../kernel/store/commit.ts';
import { load } from '../kernel/store/load.ts';
import { conflict, untilCommitted } from '../kernel/store/retry.ts';
import { afterLook, correct, type LostUpdate } from './domain/lost_update.ts';
import { modificationKinds } from './domain/modification.ts';
import { loadModifications, lostUpdateRow, paymentRow } from './store.ts';

export const correctPayment = (
  { platform }: HandlerPorts,
  name: Pick<LostUpdate, 'id' | 'payment'>,
  requestId: string,
): Promise<void> =>
  untilCommitted(platform, async () => {
    const lost = await load(platform, lostUpdateRow, name);
    if (lost === undefined || lost.value.due_at_ms === null) return undefined;
    const payment = await load(platform, paymentRow, { id: name.payment });
    const looked = { type: lostUpdateRow, before: lost, next: afterLook(lost.value) };
    const found =
      payment && (await Promise.all(modificationKinds.map((kind) => loadModifications(platform, name.payment, kind))));
    const change = payment && found && correct(payment.value, lost.value, found.flat());
    if (!payment || !change) {
      const audit = systemContext('reconciler', payment?.value ?? { tenant: '', mode: 'test' }, requestId);
      return (await commit(platform, [looked], null, audit)).kind === 'committed' ? undefined : conflict;
    }
    const { next, fact } = change;
    const audit = systemContext('reconciler', next, requestId);
    const corrected = { type: paymentRow, before: payment, next };
    const recording = fact && { type: fact, aggregateId: next.id };
    const done = await commit(platform, [looked, corrected], recording, audit);
    if (done.kind === 'conflict') return conflict;
    platform.log('payment_corrected', { object: next.id, tenant: next.tenant, mode: next.mode, request_id: requestId });
    return undefined;
  });
