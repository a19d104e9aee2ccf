// Captures, refunds and voids: reserve, execute, settle. The three differ in domain/modification.ts alone.

import type { capturePayment, refundPayment, voidPayment } from '../../contract/payments/operations.ts';
import { sealFields } from '../kernel/crypto/sealed_fields.ts';
import { Refusal } from '../kernel/domain/refusal.ts';
import { committed } from '../kernel/operation/call.ts';
import { type Route, route } from '../kernel/operation/route.ts';
import { timestamp } from '../kernel/platform/clock.ts';
import { conflict, untilCommitted } from '../kernel/store/retry.ts';
import { capabilityChecks } from '../tenants/capability_check.ts';
import { requestModification } from './domain/modification.ts';
import { waitsForPayer } from './domain/payer.ts';
import { executeAndReply } from './execute.ts';
import { resumeOrReplay } from './idempotent_replay.ts';
import { namedWithModification } from './named.ts';
import type { MoneyPorts } from './ports.ts';
import { commitOperation } from './store.ts';

type Operation = typeof capturePayment | typeof refundPayment | typeof voidPayment;

/** What the three may be sent. */
interface Body {
  readonly amount?: number | undefined;
  readonly reason?: string | undefined;
  readonly despite_dispute?: boolean | undefined;
}

export const modify = (operation: Operation): Route<MoneyPorts> =>
  route(operation, async (call, ports) => {
    const { platform, keyring, digests } = ports;
    const { objectId: id, scope } = call;
    const { creates: kind } = operation;
    const { amount, reason, despite_dispute: despiteDispute }: Body = call.body;
    const [audit, bodyDigest, sealedFields] = await Promise.all([
      call.auditContext(),
      digests.of(call.sent),
      kind === 'refund' ? sealFields(keyring, { object: kind, id, ...scope }, { reason: reason ?? null }) : null,
    ]);
    return untilCommitted(platform, async () => {
      const { payment, modification } = await namedWithModification(platform, call, id);
      if (modification !== undefined) return resumeOrReplay(ports, { payment, modification }, call.sent, audit);
      const ms = platform.clock();
      const waits = kind === 'void' && waitsForPayer(payment.value);
      const cancelsWaiting = waits && (await ports.processorOf(payment.value)).cancelsWaiting === true;
      const request = { cancelsWaiting, kind, id, amount, sealedFields, bodyDigest, despiteDispute };
      const decided = requestModification(payment.value, request, { ms, text: timestamp(ms) });
      if ('refused' in decided) throw new Refusal(decided.refused);
      // Before anything is reserved: what cannot be asked now is refused now.
      await ports.processorOf(payment.value);
      const checks = capabilityChecks(platform, scope, kind === 'capture' ? 'charges' : 'refunds');
      const held = await commitOperation(platform, { payment, modification: null }, decided, audit, checks);
      return held === conflict ? conflict : committed((await executeAndReply(ports, held, audit)).body);
    });
  });
