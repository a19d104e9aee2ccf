// Saves a payment method of a customer's: a processor's token, sealed under the customer's key. Whether the processor knows
// the token, or the connection is there, shows when it is paid with: this function may call no processor.

import { savePaymentMethod as operation } from '../../../../contract/customers/operations.ts';
import { Refusal } from '../../../kernel/domain/refusal.ts';
import { serialize } from '../../../kernel/domain/serialize.ts';
import { committed } from '../../../kernel/operation/call.ts';
import type { CreatePorts } from '../../../kernel/operation/create.ts';
import { route } from '../../../kernel/operation/route.ts';
import { timestamp } from '../../../kernel/platform/clock.ts';
import { conflict, untilCommitted } from '../../../kernel/store/retry.ts';
import { saveMethod as decide, detailsOf, toPublicMethod } from '../../domain/saved_method.ts';
import { replay } from '../../original_response.ts';
import { sealFor } from '../../sealed.ts';
import { writeMethod } from '../../store/rows.ts';
import { openSubject, type SubjectPorts } from '../../subject.ts';

export const savePaymentMethod = route(operation, async (call, ports: CreatePorts & SubjectPorts) => {
  const { platform, digests } = ports;
  const id = call.objectId;
  const details = detailsOf(call.body);
  const [audit, body_digest] = await Promise.all([call.auditContext(), digests.of(call.sent)]);
  return untilCommitted(platform, async () => {
    const { stored, customer, key, method } = await openSubject(ports, call.scope, call.params.customer_id, id);
    // A repeat: by now the rules might refuse what they allowed.
    if (method !== undefined) return replay(ports, key, method.value, call.sent);
    const origin = { id, ...call.scope, createdAt: timestamp(platform.clock()) };
    const shown = { id, mode: origin.mode, customer: customer.id, created_at: origin.createdAt };
    const reply = serialize(operation.reply, toPublicMethod(shown, details));
    const change = decide(customer, origin, {
      details: sealFor(key, 'details', id, details),
      original_response: sealFor(key, 'original_response', id, { body_digest, reply }),
    });
    if ('refused' in change) throw new Refusal(change.refused);
    const done = await writeMethod(platform, { customer: stored.customer, method: null }, change, audit);
    return done.kind === 'committed' ? committed(reply) : conflict;
  });
});
