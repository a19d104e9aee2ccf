// Saves a payment method of a customer's: a processor's token, sealed under the customer's key. Whether the processor knows
// the token, or the connection is there, is judged when it is paid with: nothing here may ask.

import { customerLimits as limits } from '../../../../contract/customers/limits.ts';
import { savePaymentMethod as operation } from '../../../../contract/customers/operations.ts';
import { Refusal } from '../../../kernel/domain/refusal.ts';
import { serialize } from '../../../kernel/domain/serialize.ts';
import { committed, type Handler } from '../../../kernel/operation/call.ts';
import { auditContextOf, tenantScopeOf } from '../../../kernel/operation/scope.ts';
import { timestamp } from '../../../kernel/platform/clock.ts';
import { saveMethod as decide, detailsOf, toPublicMethod } from '../../domain/saved_method.ts';
import type { CustomerPorts } from '../../ports.ts';
import { replay } from '../../replay.ts';
import { sealFor } from '../../sealed.ts';
import { writeMethod } from '../../store.ts';
import { openSubject } from '../../subject.ts';

export const savePaymentMethod: Handler<typeof operation, CustomerPorts> = async (call, ports) => {
  const { platform, digests } = ports;
  const member = tenantScopeOf(call.identity);
  const id = call.objectId;
  const [act, body_digest] = await Promise.all([auditContextOf(call, member, ports.keyring), digests.of(call.sent)]);
  const details = detailsOf(call.body);
  for (let tries = 0; tries < limits.commitTries; tries += 1) {
    const { stored, customer, key, method } = await openSubject(ports, member, call.params.customer_id ?? '', id);
    // A repeat: by now the rules might refuse what they allowed.
    if (method !== undefined) return replay(digests, key, method.value, call.sent);
    const createdAt = timestamp(platform.clock());
    const shown = { id, mode: member.mode, customer: customer.id, created_at: createdAt };
    const reply = serialize(operation.reply, toPublicMethod(shown, details));
    const sealed = {
      details: sealFor(key, 'details', id, details),
      first: sealFor(key, 'first', id, { body_digest, reply }),
    };
    const decided = decide(customer, { id, ...member, createdAt }, sealed);
    if ('refused' in decided) throw new Refusal(decided.refused);
    const { next, fact } = decided;
    const done = await writeMethod(platform, { customer: stored.customer, method: null }, next, fact, act);
    if (done.kind === 'committed') return committed(reply);
  }
  throw new Refusal('unavailable', { retryAfterSeconds: 1 });
};
