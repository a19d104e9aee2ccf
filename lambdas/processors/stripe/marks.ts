// The captures and voids that a PaymentIntent records. Stripe has no object for a capture: each of ours writes its id and amount
// into the metadata, in the very request that moves the money.

import type { Order } from '../domain/fact.ts';
import type { Intent } from './answers.ts';

/** docs.stripe.com/api/metadata (read 2026-11). */
const limits = { metadataKeys: 50, metadataKeyChars: 40, metadataValueChars: 500 } as const;

const packPrefix = 'marks_';

export const isMarked = (order: Order, intent: Intent): boolean =>
  marksIn(intent).some(({ id, amount }) => id === order.id && amount === order.amount);

const capturedOf = (intent: Intent): number =>
  intent.status === 'requires_capture' ? intent.amount - intent.amount_capturable : intent.amount_received;

/** Each once, by its id: while marks are being packed, one may stand in two places. */
const marksIn = (intent: Intent): { readonly id: string; readonly amount: number }[] => {
  const all = Object.entries(intent.metadata).flatMap(([name, value]) =>
    name.startsWith(packPrefix) ? unpacked(value) : [[name, value] as const],
  );
  const marks = all.filter(([name]) => name.startsWith('cap_')).map(([id, amount]) => [id, Number(amount)] as const);
  return [...new Map(marks)].map(([id, amount]) => ({ id, amount }));
};

const unpacked = (value: string): (readonly [string, string])[] =>
  value.split(' ').map((mark) => {
    const [id = '', amount = ''] = mark.split('=');
    return [id, amount];
  });

/** What nobody of ours captured: none where the marks claim more than was captured, for then they prove nothing. */
export const unmarkedIn = (intent: Intent): number | null => {
  const rest = capturedOf(intent) - marksIn(intent).reduce((sum, { amount }) => sum + amount, 0);
  return rest >= 0 ? rest : null;
};

/** A mark without its money, or money without a mark, is somebody else's doing: then an absent mark proves nothing. */
export const marksAddUp = (intent: Intent): boolean => unmarkedIn(intent) === 0;

/** The captures of ours that Stripe has executed, and what others captured at Stripe itself. */
export const capturesIn = (intent: Intent) => (unmarkedIn(intent) === null ? [] : marksIn(intent));

export const capturedAtStripe = (intent: Intent): { readonly captured: number; readonly unmarked: number } => ({
  captured: capturedOf(intent),
  unmarked: intent.capture_method === 'manual' ? (unmarkedIn(intent) ?? 0) : 0,
});

/**
 * The change that makes room for one more mark; null where there is room. Keys are what Stripe counts: marks that stand alone
 * move into one value. Two that do so at once write the same, or one mark twice, and none is lost.
 */
export function packedMarks({ metadata }: Intent): Readonly<Record<string, string>> | null {
  if (Object.keys(metadata).length < limits.metadataKeys) return null;
  const alone = Object.entries(metadata).filter(([name]) => name.startsWith('cap_'));
  const pack: (readonly [string, string])[] = [];
  let chars = 0;
  for (const [id, amount] of alone.toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const mark = `${id}=${amount}`;
    chars += mark.length + 1;
    if (chars > limits.metadataValueChars) break;
    pack.push([id, mark]);
  }
  const [first] = pack;
  if (first === undefined) return null;
  const name = `${packPrefix}${first[0]}`.slice(0, limits.metadataKeyChars);
  return { ...Object.fromEntries(pack.map(([id]) => [id, ''])), [name]: pack.map(([, mark]) => mark).join(' ') };
}

/** What was not captured is released, by whomever. */
export const isReleased = (intent: Intent): boolean => intent.status === 'canceled' || endedInPart(intent);

/** The last capture was of a part, and Stripe let go of the rest. */
export const endedInPart = ({ status, capture_method, amount, amount_received }: Intent): boolean =>
  capture_method === 'manual' && status === 'succeeded' && amount_received < amount;
