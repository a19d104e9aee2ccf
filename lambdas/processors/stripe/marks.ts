// The captures and voids that a PaymentIntent records. Stripe has no object for a capture: each of ours writes its id and amount
// into the metadata, in the very request that moves the money.

import type { Order } from '../domain/fact.ts';
import type { Intent } from './answers.ts';

export const isMarked = (order: Order, intent: Intent): boolean => intent.metadata[order.id] === String(order.amount);

const capturedOf = (intent: Intent): number =>
  intent.status === 'requires_capture' ? intent.amount - intent.amount_capturable : intent.amount_received;

const marksIn = (intent: Intent): { readonly id: string; readonly amount: number }[] =>
  Object.entries(intent.metadata)
    .filter(([name]) => name.startsWith('cap_'))
    .map(([id, amount]) => ({ id, amount: Number(amount) }));

/** A mark without its money, or money without a mark, is somebody else's doing: then the marks prove nothing. */
export const marksAddUp = (intent: Intent): boolean =>
  marksIn(intent).reduce((sum, { amount }) => sum + amount, 0) === capturedOf(intent);

/** The captures of ours that Stripe has executed. */
export const capturesIn = (intent: Intent) => (marksAddUp(intent) ? marksIn(intent) : []);

/** What was not captured is released, by whomever. */
export const isReleased = ({ status, capture_method, amount, amount_received }: Intent): boolean =>
  capture_method === 'manual' && (status === 'canceled' || (status === 'succeeded' && amount_received < amount));
