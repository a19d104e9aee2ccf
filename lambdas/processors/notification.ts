// The port to providers' webhooks: bytes in, notifications out. A notification that was not verified is never read, for
// verifying and reading are one call. Notifications may come late, early or repeated.

import { idPattern } from '../../contract/kernel/ids.ts';
import type { Secret } from '../kernel/crypto/secret.ts';
import type { DisputeReport, Order, ProviderFact } from './domain/fact.ts';
import { canceled, declinedWithoutReason, tryAgain } from './outcomes.ts';

/** By lower-case name. */
export type HeaderLookup = (name: string) => string | undefined;

/** Of the other mode, whoever sent it there: it is accepted, so that it does not come again, and changes nothing. */
export const ofOtherMode = (eventId: string, occurredAtMs: number): Notification => ({
  ...{ eventId, occurredAtMs, reference: null, order: null, charge: null, amount: null },
  effect: { kind: 'ignored' },
});

export interface NotificationScheme {
  readonly provider: string;
  /**
   * `raw`: the body byte for byte. `secrets`: every one that the sender may hold, so that they can rotate. Compares in
   * constant time, and refuses what is older than the scheme's tolerance where the scheme signs a time.
   */
  receive(
    raw: Uint8Array,
    headers: HeaderLookup,
    secrets: readonly Secret<string>[],
    nowMs: number,
  ): { readonly notifications: readonly Notification[] } | { readonly refused: NotificationRefusal };
  /** The answer that ends the provider's retries. */
  readonly accepted: { readonly status: number; readonly body: string };
}

export type NotificationRefusal =
  /** No signature, or none in the scheme's form. */
  | 'unsigned'
  /** Nobody who holds a secret of ours signed these bytes. */
  | 'wrong_signature'
  /** Rightly signed, too long ago or too far ahead. */
  | 'wrong_time'
  /** Rightly signed, and not what the provider documents. */
  | 'malformed';

export interface Notification {
  /** The provider's own, the same in every repeat: repeats and replays are recognised by it. */
  readonly eventId: string;
  /** By the provider's clock, and not signed everywhere: for people, never for deciding which came first. */
  readonly occurredAtMs: number;
  /** Our payment. Null: the provider names only its own `charge`. */
  readonly reference: string | null;
  /** Our object that asked: the payment itself, or a capture, refund or void of it. Null: nobody of ours asked. */
  readonly order: string | null;
  readonly charge: string | null;
  /** The amount of the effect, in minor units. Null: the whole, or no amount at all. */
  readonly amount: { readonly minor: number; readonly currency: string } | null;
  readonly effect: NotificationEffect;
}

/** What a provider tells of its own accord; the others are answers to a request. */
export type ReportedFact = WithoutClient<
  Exclude<ProviderFact, { readonly kind: 'unknown' | 'not_charged' | 'misconfigured' }>
>;

/** A report never holds what opens the payer's part: it is stored in the clear. */
type WithoutClient<Fact> = Fact extends { readonly client: unknown } ? Omit<Fact, 'client'> & { client: null } : Fact;

export const isReported = (fact: ProviderFact): fact is ReportedFact =>
  fact.kind !== 'unknown' &&
  fact.kind !== 'not_charged' &&
  fact.kind !== 'misconfigured' &&
  (!('client' in fact) || fact.client === null);

export type NotificationEffect =
  | ReportedFact
  /** Approved the way it was asked for: the provider doesn't repeat whether that was to capture at once. */
  | { readonly kind: 'authorized'; readonly charge: string }
  /** Whatever was not captured by now never will be, whoever released it. */
  | { readonly kind: 'released' }
  /** The money came back: a capture or refund failed after it was reported as done. */
  | { readonly kind: 'reversed'; readonly execution?: string }
  /** Everything was undone by hand: what was captured came back, the rest was released. `id`: the provider's own. */
  | { readonly kind: 'returned'; readonly id: string }
  /**
   * Captured or refunded at the provider's own pages: nobody here asked. `id` is the provider's own name of it. `ofAll`: the
   * amount is all that was moved so by now, and not this one's. `failed`: it came back, or never moved.
   */
  | {
      readonly kind: 'moved_elsewhere';
      readonly object: 'capture' | 'refund';
      readonly id: string;
      readonly ofAll: boolean;
      readonly failed: boolean;
    }
  /** The amount, where there is one, is the disputed part. */
  | ({ readonly kind: 'disputed' } & DisputeReport)
  | { readonly kind: 'ignored' };

const asking = (['payment', 'capture', 'refund', 'void'] as const).map((kind) => idPattern(kind));

/**
 * The order of ours that a record at a provider names. Null: it names none, and is not ours; an account there may take other
 * payments too, and what others wrote into them is stored sealed only.
 */
export const orderNamed = (
  reference = '',
  order = '',
): { readonly reference: string; readonly order: string } | null =>
  idPattern('payment').test(reference) && asking.some((form) => form.test(order)) ? { reference, order } : null;

/** The fact of a notification about an order of ours. Null: there is none, or it is about another charge or amount. */
export function factFor(
  order: Order,
  { reference, order: asked, charge, amount, effect }: Notification,
): ProviderFact | null {
  const named = reference === null ? charge !== null && charge === order.charge : reference === order.reference;
  if (!named || (charge !== null && order.charge !== null && charge !== order.charge)) return null;
  if (effect.kind === 'released' && asked === null) return releasedFact(order);
  if (asked !== order.id) return null;
  if (amount !== null && (amount.minor !== order.amount || amount.currency !== order.currency)) return null;
  switch (effect.kind) {
    case 'authorized':
      return { kind: 'approved', charge: effect.charge, captured: order.capture };
    case 'approved': {
      const captured = order.kind === 'charge' ? order.capture : order.kind === 'capture';
      return effect.captured === captured ? effect : null;
    }
    case 'released':
      return releasedFact(order);
    case 'reversed':
      return { ...declinedWithoutReason, ...(effect.execution !== undefined && { execution: effect.execution }) };
    case 'returned':
    case 'moved_elsewhere':
    case 'disputed':
    case 'ignored':
      return null;
    default:
      return tryAgain(order, effect, charge ?? order.held ?? null);
  }
}

/** For a charge that was approved before it changes nothing: the domain never settles twice. */
function releasedFact(order: Order): ProviderFact | null {
  if (order.kind === 'charge') return canceled;
  return order.kind === 'void' && order.charge !== null
    ? { kind: 'approved', charge: order.charge, captured: false }
    : null;
}
