// Creates a payment and charges it: one intent, one provider key, at most one charge.

import { createPayment as operation } from '../../../../contract/payments/operations.ts';
import { sealFields } from '../../../kernel/crypto/sealed_fields.ts';
import { Refusal } from '../../../kernel/domain/refusal.ts';
import type { TenantScope } from '../../../kernel/domain/tenant_scope.ts';
import { type Call, committed } from '../../../kernel/operation/call.ts';
import { route } from '../../../kernel/operation/route.ts';
import { auditContextOf, tenantScopeOf } from '../../../kernel/operation/scope.ts';
import { timestamp } from '../../../kernel/platform/clock.ts';
import { foundRow } from '../../../kernel/store/commit.ts';
import { sealChargeSecrets } from '../../charge_secrets.ts';
import { chooseProcessor } from '../../choose_processor.ts';
import * as domain from '../../domain/payment.ts';
import { executeAndReply } from '../../execute.ts';
import { paymentSourceOf } from '../../payment_source.ts';
import type { MoneyPorts } from '../../ports.ts';
import { resumeOrReplay } from '../../repeat.ts';
import { createPayment as create, loadPayment, paymentRow } from '../../store.ts';

export const createPayment = route(operation, async (call, ports: MoneyPorts) => {
  const { platform } = ports;
  const member = tenantScopeOf(call.identity);
  const chosen = await choose(ports, member, call.body).catch((error: unknown) => ({ error }));
  if ('error' in chosen) {
    // What was taken once is repeated, whatever became of its connection or its customer since.
    const { connection, customer } = call.body;
    const named = connection !== undefined || customer !== undefined;
    const taken = named ? await loadPayment(platform, call.objectId) : undefined;
    if (taken === undefined) throw chosen.error;
    const act = await auditContextOf(call, member, ports.keyring);
    return resumeOrReplay(ports, { payment: taken, modification: null }, call.sent, act);
  }
  const { description = null, metadata, return_url, ...body } = call.body;
  const [act, bodyDigest, sealedFields, charge_secrets] = await Promise.all([
    auditContextOf(call, member, ports.keyring),
    ports.digests.of(call.sent),
    sealFields(ports.keyring, { object: 'payment', id: call.objectId, ...member }, { description, metadata }),
    sealChargeSecrets(ports.keyring, { id: call.objectId, ...member }, { return_url, token: chosen.savedToken }),
  ]);
  const now = platform.clock();
  const { next, fact } = domain.createPayment(
    { id: call.objectId, ...member, processor: chosen.name, bodyDigest, chargeSecrets: charge_secrets },
    { ...body, connection: chosen.connection },
    sealedFields,
    { ms: now, text: timestamp(now) },
  );
  const created = await create(platform, next, fact, act);
  if (created.kind === 'committed') {
    return committed((await executeAndReply(ports, { payment: created.rows[0], modification: null }, act)).body);
  }
  const found = foundRow(paymentRow, created.found[0]) ?? (await loadPayment(platform, next.id));
  // A transaction held it, and told nothing: it may come to be, or not.
  if (found === undefined) throw new Refusal('unavailable', { retryAfterSeconds: 1 });
  return resumeOrReplay(ports, { payment: found, modification: null }, call.sent, act);
});

/** Before anything is stored. */
async function choose(ports: MoneyPorts, member: TenantScope, body: Call<typeof operation>['body']) {
  const { savedToken, connection } = await paymentSourceOf(ports, member, body);
  const payment_method = savedToken ?? body.payment_method;
  const { name } = await chooseProcessor(ports, member, { connection, payment_method, return_url: body.return_url });
  return { name, savedToken, connection };
}
