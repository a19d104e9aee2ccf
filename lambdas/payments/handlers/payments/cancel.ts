// Ends a payment that waits for its payer. Repeating it changes nothing: what was canceled is canceled, and while a cancellation is
// under way there is no other.

import { cancelPayment as operation } from '../../../../contract/payments/operations.ts';
import { serialize } from '../../../kernel/domain/serialize.ts';
import { committed, unchanged } from '../../../kernel/operation/call.ts';
import { named } from '../../../kernel/operation/named.ts';
import { route } from '../../../kernel/operation/route.ts';
import { conflict, untilCommitted } from '../../../kernel/store/retry.ts';
import { capabilityChecks } from '../../../tenants/capability_check.ts';
import { cancelWaiting } from '../../cancel.ts';
import { isCanceling } from '../../domain/payer.ts';
import { openPayment } from '../../payer_access.ts';
import type { MoneyPorts } from '../../ports.ts';
import { paymentRow } from '../../store.ts';

export const cancelPayment = route(operation, async (call, ports: MoneyPorts) => {
  const { platform, keyring } = ports;
  const audit = await call.auditContext();
  return untilCommitted(platform, async () => {
    const payment = await named(platform, call, paymentRow);
    const { status } = payment.value;
    // A processor that does not answer must not make its merchant ask for ever: the end has its event.
    if (status === 'canceled' || status === 'expired' || isCanceling(payment.value)) {
      return unchanged(serialize(operation.reply, await openPayment(payment.value, keyring)));
    }
    const checks = capabilityChecks(platform, call.scope, 'refunds');
    const after = await cancelWaiting(ports, payment, 'canceled', audit, checks);
    if (after === conflict) return conflict;
    const reply = serialize(operation.reply, await openPayment(after.value, keyring));
    return after.value.status === 'canceled' ? committed(reply) : unchanged(reply);
  });
});
