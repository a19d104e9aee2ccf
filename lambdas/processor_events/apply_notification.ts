// Tells a payment what its provider said, by the decisions that handler and sweeper use, under the same version
// conditions. A notification may be late, early or repeated, and may name anything: a payment that was not taken through
// the connection that told it is not there for it.

import { idPattern } from '../../contract/kernel/ids.ts';
import { keepCharge, paymentOfCharge } from '../connections/store.ts';
import type { Act } from '../kernel/store/commit.ts';
import { releaseRest } from '../payments/domain/modification.ts';
import { orderOf, type Settlement, settleTold } from '../payments/domain/operation.ts';
import { type Change, type Payment, recordDispute } from '../payments/domain/payment.ts';
import { record } from '../payments/execute.ts';
import {
  instructionOf,
  loadInstruction,
  loadModifications,
  loadPayment,
  type StoredInstruction,
} from '../payments/store.ts';
import { factFor } from '../processors/notification.ts';
import { contradicts, type Notification, type Outcome, type ProviderEvent, worst } from './domain/processor_event.ts';
import type { SettlerPorts } from './ports.ts';

/** One notification of an event, on its way to a payment. */
interface Telling {
  readonly ports: SettlerPorts;
  readonly event: ProviderEvent;
  readonly notification: Notification;
  readonly act: Act;
}

export async function tell(telling: Telling): Promise<Outcome> {
  const { ports, notification } = telling;
  const { tells, order, charge, reference } = notification;
  if (tells.kind === 'ignored' || (reference === null && charge === null)) return 'ignored';
  const named = await paymentNamed(telling);
  if (named === undefined) return 'waiting';
  if (!idPattern('payment').test(named)) return 'ignored';
  const payment = await loadPayment(ports.platform, named);
  if (payment === undefined || !concerns(telling.event, payment.value)) return 'waiting';
  const whole: StoredInstruction = { payment, modification: null };
  if (tells.kind === 'disputed') {
    await change(telling, whole, (now) => recordDispute(now, tells));
    return 'applied';
  }
  if (tells.kind === 'released' && order === null) return tellReleased(telling, whole);
  if (order === named) return settleOne(telling, whole);
  if (order === null || !isModification(order)) return 'ignored';
  const asked = await loadInstruction(ports.platform, named, order);
  return asked === undefined ? 'waiting' : settleOne(telling, asked);
}

const isModification = (id: string): boolean =>
  (['capture', 'refund', 'void'] as const).some((kind) => idPattern(kind).test(id));

/** Whoever holds the secret of one connection has a say about that connection's payments, and about no others. */
const concerns = ({ tenant, mode, provider, connection }: ProviderEvent, payment: Payment): boolean =>
  payment.connection === connection &&
  payment.tenant === tenant &&
  payment.mode === mode &&
  payment.processor === provider;

/** Undefined: the provider named its own charge alone, and that is not known here yet. */
const paymentNamed = async ({ ports, event, notification }: Telling): Promise<string | undefined> =>
  notification.reference ?? paymentOfCharge(ports.platform, event.connection, notification.charge ?? '');

async function settleOne(telling: Telling, from: StoredInstruction): Promise<Outcome> {
  const { ports, notification, act } = telling;
  const decide = (now: ReturnType<typeof instructionOf>): Settlement | null => {
    const fact = factFor(orderOf(now), notification);
    return fact && settleTold(now, fact, ports.platform.clock());
  };
  const { stored } = await record(ports, from, decide, act);
  const now = instructionOf(stored);
  if (now.modification === null) await rememberCharge(telling, now.payment);
  const fact = factFor(orderOf(now), notification);
  const { tells } = notification;
  const moved = tells.kind === 'approved' || tells.kind === 'authorized';
  // Money that moved for an order of ours, and not as it was ordered.
  if (fact === null) return moved ? 'contradicted' : 'ignored';
  return contradicts(now, tells, fact.kind) ? 'contradicted' : 'applied';
}

/** Of a dispute Stripe names its own charge alone: whatever tells both is what it is found by. */
async function rememberCharge({ ports, event, notification, act }: Telling, { id, charge }: Payment): Promise<void> {
  if (event.provider !== 'stripe' || charge === null || charge !== notification.charge) return;
  await keepCharge(ports.platform, { connection: event.connection, charge, payment: id }, act);
}

/** Nobody of ours is named: it may be what a void of ours asked for, the end of a charge that waited, or neither. */
async function tellReleased(telling: Telling, whole: StoredInstruction): Promise<Outcome> {
  const { ports, notification } = telling;
  const { id } = whole.payment.value;
  const told: Outcome[] = [await settleOne(telling, whole)];
  for (const { id: asked, status } of await loadModifications(ports.platform, id, 'void')) {
    const open = status === 'processing' ? await loadInstruction(ports.platform, id, asked) : undefined;
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
const change = ({ ports, act }: Telling, from: StoredInstruction, decide: (now: Payment) => Change<Payment> | null) =>
  record(
    ports,
    from,
    ({ payment }) => {
      const made = decide(payment);
      return made && { next: { payment: made.next, modification: null }, fact: made.fact, again: false };
    },
    act,
  );
