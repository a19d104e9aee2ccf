// Creates a payment and charges it: one intent, one provider key, at most one charge. The kernel's `create` does not fit: it
// writes the reply in the commit that creates, and a payment's reply is not known before its processor answers. Until then a
// repeat waits for the lease, or takes it over from a crash.

import { payerLimits as limits } from '../../../../contract/payments/limits.ts';
import { createPayment as operation } from '../../../../contract/payments/operations.ts';
import { sealFields } from '../../../kernel/crypto/sealed_fields.ts';
import { Refusal } from '../../../kernel/domain/refusal.ts';
import { type Call, committed } from '../../../kernel/operation/call.ts';
import { route } from '../../../kernel/operation/route.ts';
import { timestamp } from '../../../kernel/platform/clock.ts';
import { commitChange, foundRow } from '../../../kernel/store/commit.ts';
import { load } from '../../../kernel/store/load.ts';
import { conflict, untilCommitted } from '../../../kernel/store/retry.ts';
import type { Stored } from '../../../kernel/store/row.ts';
import { capabilityChecks } from '../../../tenants/capability_check.ts';
import { sealChargeSecrets } from '../../charge_secrets.ts';
import { chooseProcessor } from '../../choose_processor.ts';
import { defaultConnection } from '../../default_connection.ts';
import { createPayment as decide, type Payment } from '../../domain/payment.ts';
import { execute, firstReply } from '../../execute.ts';
import { resumeOrReplay } from '../../idempotent_replay.ts';
import { sealPayerAccess } from '../../payer_access.ts';
import { checkUsage, paymentSourceOf } from '../../payment_source.ts';
import type { MoneyPorts } from '../../ports.ts';
import { referenceDigest } from '../../reference_digest.ts';
import { rememberMethod } from '../../reusable_method.ts';
import { paymentRow } from '../../store.ts';
import { velocityOf } from '../../velocity.ts';

export const createPayment = route(operation, async (call, ports: MoneyPorts) => {
  const { platform } = ports;
  const { objectId: id, scope } = call;
  const find = () => load(platform, paymentRow, { id });
  const repeated = async (payment: Stored<Payment>) => {
    const audit = await call.auditContext();
    const reply = await resumeOrReplay(ports, { payment, modification: null }, call.sent, audit);
    // Whoever asked first may have died before it heard which method is kept.
    await rememberMethod(ports, payment, audit);
    return reply;
  };
  const chosen = await choose(ports, call).catch((error: unknown) => ({ error }));
  if ('error' in chosen) {
    // A repeat gets its reply, whatever became of the connection, the customer or the time since.
    const { connection, customer, expires_at } = call.body;
    const mayRepeat = [connection, customer, expires_at].some((each) => each !== undefined) || scope.mode === 'live';
    const found = mayRepeat ? await find() : undefined;
    if (found === undefined) throw chosen.error;
    return repeated(found);
  }
  const { created, audit, velocity } = await decideOn(ports, call, chosen);
  return untilCommitted(platform, async () => {
    const guards = [...capabilityChecks(platform, scope, 'charges'), ...velocity.guards()];
    const done = await commitChange(platform, paymentRow, null, created, audit, guards);
    if (done.kind === 'unmet') {
      if (velocity.mayTryAnother(done.guard)) return conflict;
      throw new Refusal(done.refused);
    }
    if (done.kind === 'committed') {
      const { stored, first } = await execute(ports, { payment: done.rows[0], modification: null }, audit);
      const reply = first ?? (await firstReply(ports, stored));
      await rememberMethod(ports, stored.payment, audit);
      return committed(reply.body);
    }
    const found = foundRow(paymentRow, done.found[0]) ?? (await find());
    // A transaction held it, or the capability, and of what it holds nothing is known: it may come to be, or not.
    return found === undefined ? conflict : repeated(found);
  });
});

/** The payment as it is to be committed, with all that lies sealed in it. */
async function decideOn(ports: MoneyPorts, call: Call<typeof operation>, chosen: Awaited<ReturnType<typeof choose>>) {
  const { platform, keyring, digests } = ports;
  const { objectId: id, scope } = call;
  const { savedToken: token, processorCustomer: customer } = chosen;
  const { description = null, reference = null, metadata, return_url, expires_at: _, ...body } = call.body;
  const [audit, bodyDigest, sealedFields, chargeSecrets, payerAccess, velocity, digest] = await Promise.all([
    call.auditContext(),
    digests.of(call.sent),
    sealFields(keyring, { object: 'payment', id, ...scope }, { description, reference, metadata }),
    sealChargeSecrets(keyring, { id, ...scope }, { return_url, token, customer }),
    sealPayerAccess(keyring, { id, ...scope }, platform.random),
    velocityOf(ports, scope, body),
    referenceDigest(digests, scope, reference),
  ]);
  const ms = platform.clock();
  const { processor, expiresAt } = chosen;
  const sealed = { bodyDigest, chargeSecrets, payerAccess, referenceDigest: digest };
  const origin = { id, ...scope, processor, expiresAt, ...sealed };
  const created = decide(origin, { ...body, connection: chosen.connection }, sealedFields, { ms, text: timestamp(ms) });
  return { created, audit, velocity };
}

/** Before anything is stored. */
async function choose(ports: MoneyPorts, { scope, body }: Call<typeof operation>) {
  const expiresAt = expiryOf(body, ports.platform.clock());
  checkUsage(body);
  const { savedToken, processorCustomer, connection: named } = await paymentSourceOf(ports, scope, body);
  const connection = named ?? (await defaultConnection(ports, scope, body.currency));
  const payment_method = savedToken ?? body.payment_method;
  const { name } = await chooseProcessor(ports, scope, { ...body, connection, payment_method });
  return { processor: name, savedToken, processorCustomer, connection, expiresAt };
}

/** Until when the payer may act. Without a payment method there is always an end. */
function expiryOf({ expires_at, payment_method }: Call<typeof operation>['body'], nowMs: number): string | undefined {
  if (expires_at === undefined)
    return payment_method === undefined ? timestamp(nowMs + limits.expiresAfterMs) : undefined;
  const inMs = Date.parse(expires_at) - nowMs;
  if (inMs >= limits.expiresMinMs && inMs <= limits.expiresMaxMs) return timestamp(nowMs + inMs);
  const findings = [{ pointer: '/expires_at', detail: 'Expected a time from 5 minutes to 24 hours from now' }];
  throw new Refusal('request_invalid', { findings });
}
