// Applies one notification to its payment, by the decisions that handlers and the reconciler use, under the same version
// conditions. A notification may be late, early or repeated, and may name anything: it never reaches a payment of another
// connection.

import { idPattern } from '../../contract/kernel/ids.ts';
import type { Change } from '../kernel/domain/decision.ts';
import type { HandlerPorts } from '../kernel/operation/call.ts';
import type { AuditContext } from '../kernel/store/commit.ts';
import { load } from '../kernel/store/load.ts';
import { refundable, releaseRest } from '../payments/domain/modification.ts';
import { type ProcessorOperation, settleNotification, toOrder } from '../payments/domain/operation.ts';
import { awaitsOutcome, type Payment, recordDispute } from '../payments/domain/payment.ts';
import { recordSettlement } from '../payments/execute.ts';
import { loadModifications, loadOperation, operationOf, paymentRow, type StoredOperation } from '../payments/store.ts';
import { factFor } from '../processors/notification.ts';
import { adopt } from './adopt.ts';
import { contradicts, type Notification, type Outcome, type ProcessorEvent, worst } from './domain/processor_event.ts';
import { paymentOfCharge, storeCharge } from './store.ts';

/** One notification of an event, on its way to a payment. */
interface Application {
  readonly ports: HandlerPorts;
  readonly event: ProcessorEvent;
  readonly notification: Notification;
  readonly audit: AuditContext;
}

export async function applyNotification(application: Application): Promise<Outcome> {
  const { ports, notification } = application;
  const { effect, order, charge, reference } = notification;
  if (effect.kind === 'ignored' || (reference === null && charge === null)) return 'ignored';
  const id = await paymentNamed(application);
  if (id === undefined) return 'waiting';
  if (!idPattern('payment').test(id)) return 'ignored';
  const payment = await load(ports.platform, paymentRow, { id });
  if (payment === undefined || !concerns(application.event, payment.value)) return 'waiting';
  const whole: StoredOperation = { payment, modification: null };
  if (effect.kind === 'disputed') {
    await changePayment(application, whole, (now) => recordDispute(now, effect, notification.amount));
    return 'applied';
  }
  if (effect.kind === 'moved_elsewhere') {
    const { amount } = notification;
    return adopt(ports, payment.value, { effect, amount }, application.audit);
  }
  if (effect.kind === 'returned') return applyReturn(application, whole, effect.id);
  if (effect.kind === 'released' && order === null) return applyRelease(application, whole);
  if (order === id) return settleOne(application, whole);
  if (order === null || !isModification(order)) return 'ignored';
  const found = await loadOperation(ports.platform, id, order);
  return found === undefined ? 'waiting' : settleOne(application, found);
}

const isModification = (id: string): boolean =>
  (['capture', 'refund', 'void'] as const).some((kind) => idPattern(kind).test(id));

/** The secret of one connection signs for that connection's payments, and for no others. */
const concerns = ({ tenant, mode, provider, connection }: ProcessorEvent, payment: Payment): boolean =>
  payment.connection === connection &&
  payment.tenant === tenant &&
  payment.mode === mode &&
  payment.processor === provider;

/** Undefined: the provider named its own charge alone, and that is not known here yet. */
const paymentNamed = async ({ ports, event, notification }: Application): Promise<string | undefined> =>
  notification.reference ?? paymentOfCharge(ports.platform, event.connection, notification.charge ?? '');

async function settleOne(application: Application, from: StoredOperation): Promise<Outcome> {
  const { ports, notification, audit } = application;
  const decide = (now: ProcessorOperation) => {
    const fact = factFor(toOrder(now), notification);
    return fact && settleNotification(now, fact, ports.platform.clock());
  };
  const { stored } = await recordSettlement(ports, from, decide, audit);
  const now = operationOf(stored);
  if (now.modification === null) await rememberCharge(application, now.payment);
  const fact = factFor(toOrder(now), notification);
  const { effect } = notification;
  const moved = effect.kind === 'approved' || effect.kind === 'authorized';
  // Money that moved for an order of ours, and not as it was ordered.
  if (fact === null) return moved ? 'contradicted' : 'ignored';
  return contradicts(now, effect, fact.kind) ? 'contradicted' : 'applied';
}

/** Stripe's disputes name its own charge alone: a notification that names both links it to the payment. */
async function rememberCharge(
  { ports, event, notification, audit }: Application,
  { id, charge }: Payment,
): Promise<void> {
  if (event.provider !== 'stripe' || charge === null || charge !== notification.charge) return;
  await storeCharge(ports.platform, { connection: event.connection, charge, payment: id }, audit);
}

/** What was captured is refunded, and the rest released: which of the two it was follows from the payment. */
async function applyReturn(application: Application, whole: StoredOperation, id: string): Promise<Outcome> {
  const { ports, audit } = application;
  const payment = whole.payment.value;
  if (awaitsOutcome(payment)) return 'waiting';
  const minor = refundable(payment);
  const effect = { kind: 'moved_elsewhere', object: 'refund', id, ofAll: false, failed: false } as const;
  const amount = { minor, currency: payment.currency };
  const refunded = minor === 0 ? 'applied' : await adopt(ports, payment, { effect, amount }, audit);
  return worst([refunded, await applyRelease(application, whole)]);
}

/** It names no object of ours: it may be the result of a void of ours, the end of a charge that waited, or neither. */
async function applyRelease(application: Application, whole: StoredOperation): Promise<Outcome> {
  const { ports, notification } = application;
  const { id } = whole.payment.value;
  const outcomes: Outcome[] = [];
  for (const { value } of await loadModifications(ports.platform, id, 'void')) {
    const open = value.status === 'processing' ? await loadOperation(ports.platform, id, value.id) : undefined;
    if (open !== undefined) outcomes.push(await settleOne(application, open));
  }
  // After the voids: a charge that one of them canceled has not failed.
  outcomes.push(await settleOne(application, whole));
  const payment = (await load(ports.platform, paymentRow, { id })) ?? whole.payment;
  let waits = false;
  await changePayment(application, { payment, modification: null }, (now) => {
    if (notification.charge !== null && now.charge !== notification.charge) return null;
    const released = releaseRest(now);
    waits = released === 'waits';
    return released === 'waits' ? null : released;
  });
  return waits ? 'waiting' : worst(outcomes);
}

/** Decides on the payment as it is by then. */
const changePayment = (
  { ports, audit }: Application,
  from: StoredOperation,
  decide: (now: Payment) => Change<Payment> | null,
) =>
  recordSettlement(
    ports,
    from,
    ({ payment }) => {
      const change = decide(payment);
      return change && { next: { payment: change.next, modification: null }, fact: change.fact, again: false };
    },
    audit,
  );
