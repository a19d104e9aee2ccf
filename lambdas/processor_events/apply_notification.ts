// Tells a payment what its provider said, by the decisions that handler and sweeper use, under the same version
// conditions. A notification may be late, early or repeated, and may name anything: a payment that was not taken through
// the connection that told it is not there for it.

import { idPattern } from '../../contract/kernel/ids.ts';
import type { Change } from '../kernel/domain/decision.ts';
import type { AuditContext } from '../kernel/store/commit.ts';
import { releaseRest } from '../payments/domain/modification.ts';
import { orderOf, type Settlement, settleNotification } from '../payments/domain/operation.ts';
import { type Payment, recordDispute } from '../payments/domain/payment.ts';
import { recordSettlement } from '../payments/execute.ts';
import { loadModifications, loadOperation, loadPayment, operationOf, type StoredOperation } from '../payments/store.ts';
import { factFor } from '../processors/notification.ts';
import { contradicts, type Notification, type Outcome, type ProcessorEvent, worst } from './domain/processor_event.ts';
import type { ProcessorEventPorts } from './ports.ts';
import { paymentOfCharge, storeCharge } from './store.ts';

/** One notification of an event, on its way to a payment. */
interface Application {
  readonly ports: ProcessorEventPorts;
  readonly event: ProcessorEvent;
  readonly notification: Notification;
  readonly act: AuditContext;
}

export async function applyNotification(telling: Application): Promise<Outcome> {
  const { ports, notification } = telling;
  const { effect, order, charge, reference } = notification;
  if (effect.kind === 'ignored' || (reference === null && charge === null)) return 'ignored';
  const named = await paymentNamed(telling);
  if (named === undefined) return 'waiting';
  if (!idPattern('payment').test(named)) return 'ignored';
  const payment = await loadPayment(ports.platform, named);
  if (payment === undefined || !concerns(telling.event, payment.value)) return 'waiting';
  const whole: StoredOperation = { payment, modification: null };
  if (effect.kind === 'disputed') {
    await change(telling, whole, (now) => recordDispute(now, effect));
    return 'applied';
  }
  if (effect.kind === 'released' && order === null) return applyRelease(telling, whole);
  if (order === named) return settleOne(telling, whole);
  if (order === null || !isModification(order)) return 'ignored';
  const asked = await loadOperation(ports.platform, named, order);
  return asked === undefined ? 'waiting' : settleOne(telling, asked);
}

const isModification = (id: string): boolean =>
  (['capture', 'refund', 'void'] as const).some((kind) => idPattern(kind).test(id));

/** Whoever holds the secret of one connection has a say about that connection's payments, and about no others. */
const concerns = ({ tenant, mode, provider, connection }: ProcessorEvent, payment: Payment): boolean =>
  payment.connection === connection &&
  payment.tenant === tenant &&
  payment.mode === mode &&
  payment.processor === provider;

/** Undefined: the provider named its own charge alone, and that is not known here yet. */
const paymentNamed = async ({ ports, event, notification }: Application): Promise<string | undefined> =>
  notification.reference ?? paymentOfCharge(ports.platform, event.connection, notification.charge ?? '');

async function settleOne(telling: Application, from: StoredOperation): Promise<Outcome> {
  const { ports, notification, act } = telling;
  const decide = (now: ReturnType<typeof operationOf>): Settlement | null => {
    const fact = factFor(orderOf(now), notification);
    return fact && settleNotification(now, fact, ports.platform.clock());
  };
  const { stored } = await recordSettlement(ports, from, decide, act);
  const now = operationOf(stored);
  if (now.modification === null) await rememberCharge(telling, now.payment);
  const fact = factFor(orderOf(now), notification);
  const { effect } = notification;
  const moved = effect.kind === 'approved' || effect.kind === 'authorized';
  // Money that moved for an order of ours, and not as it was ordered.
  if (fact === null) return moved ? 'contradicted' : 'ignored';
  return contradicts(now, effect, fact.kind) ? 'contradicted' : 'applied';
}

/** Of a dispute Stripe names its own charge alone: whatever tells both is what it is found by. */
async function rememberCharge(
  { ports, event, notification, act }: Application,
  { id, charge }: Payment,
): Promise<void> {
  if (event.provider !== 'stripe' || charge === null || charge !== notification.charge) return;
  await storeCharge(ports.platform, { connection: event.connection, charge, payment: id }, act);
}

/** Nobody of ours is named: it may be what a void of ours asked for, the end of a charge that waited, or neither. */
async function applyRelease(telling: Application, whole: StoredOperation): Promise<Outcome> {
  const { ports, notification } = telling;
  const { id } = whole.payment.value;
  const told: Outcome[] = [await settleOne(telling, whole)];
  for (const { id: asked, status } of await loadModifications(ports.platform, id, 'void')) {
    const open = status === 'processing' ? await loadOperation(ports.platform, id, asked) : undefined;
    if (open !== undefined) told.push(await settleOne(telling, open));
  }
  const payment = await loadPayment(ports.platform, id);
  let waits = false;
  await change(telling, payment === undefined ? whole : { payment, modification: null }, (now) => {
    if (notification.charge !== null && now.charge !== notification.charge) return null;
    const released = releaseRest(now);
    waits = released === 'waits';
    return released === 'waits' ? null : released;
  });
  return waits ? 'waiting' : worst(told);
}

/** Decides on the payment as it is by now. */
const change = ({ ports, act }: Application, from: StoredOperation, decide: (now: Payment) => Change<Payment> | null) =>
  recordSettlement(
    ports,
    from,
    ({ payment }) => {
      const made = decide(payment);
      return made && { next: { payment: made.next, modification: null }, fact: made.fact, again: false };
    },
    act,
  );
