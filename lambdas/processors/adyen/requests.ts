// What Adyen is asked, pure. A body depends on the order and the account alone, so that a repeat under the same key is the
// same request.

import { idPattern } from '../../../contract/kernel/ids.ts';
import type { Order } from '../domain/fact.ts';
import type { Request } from '../https_exchange.ts';
import { type Brought, returnUrlOf } from '../processor.ts';

export interface Terms {
  readonly merchantAccount: string;
}

const token = /^pm_adyen_([A-Za-z0-9_-]{3,70})_([A-Z0-9]{16})$/;

/** `pm_adyen_<shopper reference>_<stored payment method id>`: Adyen needs both to use a stored payment method. */
export const isToken = (paymentMethod: string): boolean => token.test(paymentMethod);

const places = { capture: 'captures', refund: 'refunds', void: 'cancels' } as const;

export function pathOf(order: Order): string {
  if (order.kind === 'charge') return order.payment_method === null ? 'sessions' : 'payments';
  // Nothing was asked of anybody: a caller's bug, not an outcome.
  if (order.charge === null) throw new TypeError(`A ${order.kind} must name the charge that it changes`);
  return `payments/${encodeURIComponent(order.charge)}/${places[order.kind]}`;
}

/**
 * A payment's own id; for what changes it, the payment's and the object's, as webhooks repeat nothing else of ours.
 * At most 80 characters, several parted by a hyphen (docs.adyen.com, Checkout v71, `reference`; read 2026-11).
 */
export const referenceOf = ({ kind, reference, id }: Order): string =>
  kind === 'charge' ? reference : `${reference}-${id}`;

export interface Named {
  readonly kind: Order['kind'];
  readonly reference: string;
  readonly order: string;
}

/** What a reference names; null for what is not ours. */
export function namedBy(text: string): Named | null {
  const [reference = '', order, ...rest] = text.split('-');
  if (!idPattern('payment').test(reference) || rest.length > 0) return null;
  if (order === undefined) return { kind: 'charge', reference, order: reference };
  const kind = (['capture', 'refund', 'void'] as const).find((each) => idPattern(each).test(order));
  return kind === undefined ? null : { kind, reference, order };
}

export const post = (order: Order, key: string, terms: Terms): Request => ({
  method: 'POST',
  headers: { 'idempotency-key': key },
  content: { type: 'application/json', text: JSON.stringify(bodyOf(order, terms)) },
});

function bodyOf(order: Order, { merchantAccount }: Terms): object {
  const named = { merchantAccount, reference: referenceOf(order) };
  if (order.kind === 'void') return named;
  const amount = { value: order.amount, currency: order.currency };
  if (order.kind !== 'charge') return { ...named, amount };
  const charge = {
    ...named,
    amount,
    returnUrl: returnUrlOf(order),
    channel: 'Web',
    ...(order.capture ? { captureDelayHours: 0 } : { additionalData: { manualCapture: 'true' } }),
  };
  if (order.payment_method === null) {
    return { ...charge, ...(order.expires_at && { expiresAt: order.expires_at }), ...keeping(order) };
  }
  const [, shopperReference, storedPaymentMethodId] = token.exec(order.payment_method) ?? [];
  return {
    ...charge,
    paymentMethod: { type: 'scheme', storedPaymentMethodId },
    shopperReference,
    shopperInteraction: 'ContAuth',
    recurringProcessingModel: order.off_session ? 'UnscheduledCardOnFile' : 'CardOnFile',
  };
}

/** Each method that is kept has a shopper of its own, which says nothing of a person: so one is found by its payment. */
const keeping = ({ keeps, reference }: Order): object =>
  keeps
    ? {
        shopperReference: reference,
        shopperInteraction: 'Ecommerce',
        recurringProcessingModel: keeps === 'off_session' ? 'UnscheduledCardOnFile' : 'CardOnFile',
        storePaymentMethodMode: 'enabled',
      }
    : {};

export const storedMethodsPath = ({ reference }: Order, { merchantAccount }: Terms): string =>
  `storedPaymentMethods?${new URLSearchParams({ merchantAccount, shopperReference: reference })}`;

export const tokenOf = (shopperReference: string, id: string): string => `pm_adyen_${shopperReference}_${id}`;

/** What the payer brought back is sent as it came. Null: nothing that Adyen could be asked with. */
export function confirmation(
  { held }: Order,
  brought: Brought,
  key: string,
): { path: string; request: Request } | null {
  const { redirect_result: redirectResult, session_result: sessionResult, details } = brought;
  if (sessionResult !== undefined && held) {
    const path = `sessions/${encodeURIComponent(held)}?${new URLSearchParams({ sessionResult })}`;
    return { path, request: { method: 'GET', headers: {} } };
  }
  const sent = redirectResult === undefined ? jsonObject(details) : { redirectResult };
  if (sent === null) return null;
  const content = { type: 'application/json', text: JSON.stringify({ details: sent }) } as const;
  return { path: 'payments/details', request: { method: 'POST', headers: { 'idempotency-key': key }, content } };
}

function jsonObject(text: string | undefined): object | null {
  try {
    const value: unknown = JSON.parse(text ?? 'null');
    return typeof value === 'object' && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
