// The processor's client. The idempotency key travels with the charge, so that sending it again moves nothing twice; an
// answer that never came is no outcome, and leaves the payment processing.

import { z } from 'zod';
import type { StoredPayment } from './payment.ts';
import { config } from './platform.ts';

const Charge = z.object({
  id: z.string(),
  status: z.enum(['approved', 'requires_action', 'in_review', 'pending']),
  action_url: z.string().nullable(),
});
const Decline = z.object({ error: z.object({ code: z.string(), decline_code: z.string().nullable().optional() }) });

/** What the charge made of the payment; null: not known yet. */
export async function charge(payment: StoredPayment, key: string): Promise<Partial<StoredPayment> | null> {
  const response = await fetch(new URL('charges', config.processorUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify({
      reference: payment.id,
      id: payment.id,
      amount: payment.amount,
      currency: payment.currency,
      payment_method: payment.payment_method,
      capture: payment.capture_method === 'automatic',
    }),
    signal: AbortSignal.timeout(10_000),
  }).catch(() => null);
  if (response === null) return null;
  const answer: unknown = await response.json().catch(() => null);
  if (response.status === 402) {
    const { error } = Decline.parse(answer);
    const last_error = {
      code: error.code,
      decline_code: error.decline_code ?? null,
      message: 'The card was declined.',
    };
    return { status: 'failed', last_error };
  }
  const parsed = Charge.safeParse(answer);
  if (response.status !== 201 || !parsed.success) return null;
  const { id, status, action_url } = parsed.data;
  if (status === 'requires_action') {
    return {
      status,
      charge: id,
      next_action: { type: 'redirect', url: new URL(action_url ?? '', config.processorUrl).href },
    };
  }
  if (status !== 'approved') return null;
  const captured = payment.capture_method === 'automatic';
  return {
    status: captured ? 'captured' : 'authorized',
    charge: id,
    amount_authorized: payment.amount,
    amount_captured: captured ? payment.amount : 0,
  };
}
