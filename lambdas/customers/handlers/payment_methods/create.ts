// Saves a payment method of a customer's, sealed under the customer's key: a processor's token, or the one that its processor kept
// of a payment. Whether the processor knows a token that was sent, or the connection is there, shows when it is paid with: this
// function may call no processor.

import { savePaymentMethod as operation } from '../../../../contract/customers/operations.ts';
import { Refusal } from '../../../kernel/domain/refusal.ts';
import { serialize } from '../../../kernel/domain/serialize.ts';
import { owns } from '../../../kernel/domain/tenant_scope.ts';
import { type Call, committed } from '../../../kernel/operation/call.ts';
import type { CreatePorts } from '../../../kernel/operation/create.ts';
import { notFound } from '../../../kernel/operation/named.ts';
import { route } from '../../../kernel/operation/route.ts';
import { timestamp } from '../../../kernel/platform/clock.ts';
import { conflict, untilCommitted } from '../../../kernel/store/retry.ts';
import { type Details, saveMethod as decide, detailsOf, toPublicMethod } from '../../domain/saved_method.ts';
import { replay } from '../../original_response.ts';
import { openReusable } from '../../reusable_method.ts';
import { sealFor } from '../../sealed.ts';
import { loadPaid } from '../../store/paid.ts';
import { writeMethod } from '../../store/rows.ts';
import { openSubject, type SubjectPorts } from '../../subject.ts';

export const savePaymentMethod = route(operation, async (call, ports: CreatePorts & SubjectPorts) => {
  const { platform, digests } = ports;
  const id = call.objectId;
  const [audit, body_digest] = await Promise.all([call.auditContext(), digests.of(call.sent)]);
  return untilCommitted(platform, async () => {
    const { stored, customer, key, method } = await openSubject(ports, call.scope, call.params.customer_id, id);
    // A repeat: by now the rules might refuse what they allowed.
    if (method !== undefined) return replay(ports, key, method.value, call.sent);
    const details = await detailsToSave(ports, call);
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

async function detailsToSave(
  { platform, keyring }: CreatePorts,
  { body, scope, params }: Call<typeof operation>,
): Promise<Details> {
  const { payment, token } = body;
  if (token !== undefined) return detailsOf({ ...body, token });
  const paid = payment === undefined ? undefined : await loadPaid(platform, payment);
  // Another customer's says no more than one that is not there.
  if (paid === undefined || !owns(scope, paid) || paid.customer !== params.customer_id) throw notFound('payment');
  const { reusable_method, connection, setup_future_usage } = paid;
  if (reusable_method === undefined || setup_future_usage === null) throw new Refusal('payment_keeps_no_method');
  const method = await openReusable(keyring, { ...paid, reusable_method });
  return { ...method, connection, usage: setup_future_usage };
}
