// Puts a payment right whose write was lost to the other region: in the region that writes now, from what both regions have.

import type { HandlerPorts } from '../kernel/operation/call.ts';
import { commit, systemContext } from '../kernel/store/commit.ts';
import { load } from '../kernel/store/load.ts';
import { conflict, untilCommitted } from '../kernel/store/retry.ts';
import { afterLook, correct, type LostUpdate } from './domain/lost_update.ts';
import { modificationKinds } from './domain/modification.ts';
import { loadModifications, lostUpdateRow, modificationRow, paymentRow } from './store.ts';

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
    const modifications = found?.flat() ?? [];
    const values = modifications.map(({ value }) => value);
    const change = payment ? correct(payment.value, lost.value, values) : null;
    const scope = payment?.value ?? lost.value;
    const audit = systemContext('reconciler', scope, requestId);
    const about = { object: name.payment, tenant: scope.tenant, mode: scope.mode, request_id: requestId };
    if (change === 'contradicts') platform.log('update_lost', about);
    if (!payment || !change || change === 'contradicts') {
      return (await commit(platform, [looked], null, audit)).kind === 'committed' ? undefined : conflict;
    }
    const { next, fact } = change;
    const recording = fact && { type: fact, aggregateId: name.payment };
    const corrected = { type: paymentRow, before: payment, next: next.payment };
    const before = modifications.find(({ value }) => value.id === next.modification?.id);
    const done =
      before && next.modification
        ? await commit(
            platform,
            [looked, { type: modificationRow, before, next: next.modification }, corrected],
            recording,
            audit,
          )
        : await commit(platform, [looked, corrected], recording, audit);
    if (done.kind === 'conflict') return conflict;
    platform.log('payment_corrected', about);
    return undefined;
  });
