// Looks at the processor with what its payer brought back. It is the processor that decides, under the payment's own version
// condition: two tabs, a double click and a webhook at the same time come to one outcome. It sends no order of ours, so it needs no
// lease, and what is brought for another payment says nothing about this one.

import type { ZoneName } from '../../../../contract/kernel/zones.ts';
import { moneyLimits as limits } from '../../../../contract/payments/limits.ts';
import { confirmPayment as operation } from '../../../../contract/payments/operations.ts';
import { type Call, committed, unchanged } from '../../../kernel/operation/call.ts';
import { route } from '../../../kernel/operation/route.ts';
import { derivedId } from '../../../kernel/platform/ids.ts';
import type { AuditContext } from '../../../kernel/store/commit.ts';
import type { Stored } from '../../../kernel/store/row.ts';
import type { ProviderFact } from '../../../processors/domain/fact.ts';
import { orderWithSecrets } from '../../charge_secrets.ts';
import { providerKey } from '../../domain/intent.ts';
import { settleNotification } from '../../domain/operation.ts';
import { isAtPayer } from '../../domain/payer.ts';
import type { Payment } from '../../domain/payment.ts';
import { recordSettlement } from '../../execute.ts';
import { namedForPayer, replyOf } from '../../named_payer.ts';
import type { MoneyPorts } from '../../ports.ts';
import { rememberMethod } from '../../reusable_method.ts';

type Brought = Call<typeof operation>['body'];

export const confirmPayment = route(operation, async (call, ports: MoneyPorts) => {
  const found = await namedForPayer(ports, call);
  const audit = await call.auditContext();
  const { payment, isNews } = isAtPayer(found.value)
    ? await confirm(ports, found, call.body, audit)
    : { payment: found, isNews: false };
  await rememberMethod(ports, payment, audit);
  const reply = await replyOf(operation, call, payment.value, ports);
  return isNews ? committed(reply) : unchanged(reply);
});

/** `isNews`: what the processor said was not known here yet, and is recorded. */
async function confirm(ports: MoneyPorts, payment: Stored<Payment>, brought: Brought, audit: AuditContext) {
  const fact = await ask(ports, payment.value, brought);
  await ports.noteAnswer(payment.value, fact, audit);
  // What is not found now may be found later: only an order that was sent can be known not to have arrived.
  if (fact.kind === 'not_charged') return { payment, isNews: false };
  let isNews = false;
  const decide: Parameters<typeof recordSettlement>[2] = (now) => {
    const settlement = settleNotification(now, fact, ports.platform.clock());
    isNews = settlement !== null;
    return settlement;
  };
  const recorded = await recordSettlement(ports, { payment, modification: null }, decide, audit);
  return { payment: recorded.stored.payment, isNews };
}

async function ask(ports: MoneyPorts, payment: Payment, brought: Brought): Promise<ProviderFact> {
  const { platform, keyring, processorOf } = ports;
  const processor = await processorOf(payment);
  const order = await orderWithSecrets(keyring, { payment, modification: null });
  const startedMs = platform.clock();
  const fact = processor.confirm
    ? await processor.confirm(order, brought, keyOf(platform.config.zone, payment, brought), limits.providerDeadlineMs)
    : await processor.lookUp(order, limits.providerDeadlineMs);
  platform.log('provider_answered', {
    object: payment.id,
    tenant: payment.tenant,
    attempt: payment.intent.attempt,
    provider_fact: fact.kind,
    duration_ms: platform.clock() - startedMs,
  });
  return fact;
}

/** The same for what is brought twice. */
const keyOf = (zone: ZoneName, payment: Payment, brought: Brought): string => {
  const { redirect_result = '', session_result = '', details = '' } = brought;
  const digest = derivedId('payment', zone, [payment.id, redirect_result, session_result, details]);
  return `${providerKey(payment.id, payment.intent)}.${digest.slice(-16)}`;
};
