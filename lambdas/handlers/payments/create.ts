// Creates a payment and charges it: one intent, one provider key, at most one charge.

import type { createPayment as operation } from '../../../contract/operations/payments.ts';
import * as domain from '../../domain/payment.ts';
import { Refusal } from '../../domain/refusal.ts';
import { carryAndAnswer } from '../../money/carry.ts';
import type { MoneyPorts } from '../../money/ports.ts';
import { repeat } from '../../money/repeat.ts';
import { timestamp } from '../../platform/clock.ts';
import { foundRow } from '../../store/commit.ts';
import { createPayment as create, loadPayment, paymentRow } from '../../store/payments.ts';
import { actOf, memberOf } from '../caller.ts';
import { committed, type Handler } from '../handler.ts';

export const createPayment: Handler<typeof operation, MoneyPorts> = async (call, ports) => {
  const { platform } = ports;
  const member = memberOf(call.identity);
  const processor = ports.processor(member.mode);
  if (processor === undefined) throw new Refusal('not_built');
  if (!processor.accepts(call.body.payment_method)) {
    const findings = [{ pointer: '/payment_method', detail: 'The processor knows no such payment method' }];
    throw new Refusal('payment_method_unknown', { findings });
  }
  const [act, bodyDigest] = await Promise.all([actOf(call, member, ports.keyring), ports.digests.of(call.sent)]);
  const now = platform.clock();
  const { next, fact } = domain.createPayment(
    { id: call.objectId, ...member, processor: processor.name, bodyDigest },
    call.body,
    { ms: now, text: timestamp(now) },
  );
  const created = await create(platform, next, fact, act);
  if (created.kind === 'committed') {
    return committed((await carryAndAnswer(ports, { payment: created.rows[0], modification: null }, act)).body);
  }
  const found = foundRow(paymentRow, created.found[0]) ?? (await loadPayment(platform, next.id));
  // A transaction held it, and told nothing: it may come to be, or not.
  if (found === undefined) throw new Refusal('unavailable', { retryAfterSeconds: 1 });
  return repeat(ports, { payment: found, modification: null }, call.sent, act);
};
