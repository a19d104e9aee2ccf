// What Adyen refuses at once, before anything is done: who may not, what it does not know, what a request lacks.
//
// Sources: docs.adyen.com/development-resources/error-codes (000, 010, 100, 130, 167, 702, 901, 905), /response-handling and
// /api-idempotency (704); which fields there are, the typings of @adyen/api-library 32.1.0 (Checkout API v71). Read 2026-12.

import { createRequire } from 'node:module';
import type { Given } from './provider_server.ts';

type Json = Record<string, unknown>;

/** What an account's owner may have done to it, or not yet done. */
export interface AdyenAccountState {
  /** The key was revoked, or never was one. */
  keyRevoked: boolean;
  /** The key lacks the role for this call. */
  roleMissing: boolean;
  /** No method of this kind is set up for the account. Adyen answers 422, or 500 at some calls. */
  methodMissing: 422 | 500 | null;
}

export const failure = (status: number, errorType: string, errorCode: string, message: string): Given => ({
  status,
  body: { status, errorType, errorCode, message: `text of Adyen: ${message}` },
});

/** Of a repeat while the first request still runs. */
export const keyInUse = failure(422, 'validation', '704', 'request already processed or in progress');
export const noSuchPayment = failure(422, 'validation', '167', 'Original pspReference required for this operation');

interface Model {
  getAttributeTypeMap(): readonly { readonly baseName: string }[];
}
const library = createRequire(import.meta.url);
/** The documented names of a model of Adyen's library, which is loaded a file at a time: the whole of it takes a second. */
export function documented(folder: 'checkout' | 'notification', model: string): readonly string[] {
  const file = `${model.charAt(0).toLowerCase()}${model.slice(1)}`;
  const models = library(`@adyen/api-library/lib/src/typings/${folder}/${file}.js`) as Record<string, Model>;
  return (models[model]?.getAttributeTypeMap() ?? []).map(({ baseName }) => baseName);
}

const requests: Readonly<Record<string, { readonly model: string; readonly required: readonly string[] }>> = {
  payments: {
    model: 'PaymentRequest',
    required: ['amount', 'merchantAccount', 'paymentMethod', 'reference', 'returnUrl'],
  },
  sessions: {
    model: 'CreateCheckoutSessionRequest',
    required: ['amount', 'merchantAccount', 'reference', 'returnUrl'],
  },
  details: { model: 'PaymentDetailsRequest', required: ['details'] },
  captures: { model: 'PaymentCaptureRequest', required: ['amount', 'merchantAccount'] },
  refunds: { model: 'PaymentRefundRequest', required: ['amount', 'merchantAccount'] },
  cancels: { model: 'PaymentCancelRequest', required: ['merchantAccount'] },
};

/** Null: the request may be served. */
export function refusalOf(state: AdyenAccountState, kind: string, body: Json, account: string): Given | null {
  if (state.keyRevoked) return failure(401, 'security', '000', 'HTTP Status Response - Unauthorized');
  if (state.roleMissing) return failure(403, 'security', '010', 'Not allowed');
  const request = requests[kind];
  if (request === undefined) return { status: 404, body: '' };
  const unknown = [
    ...unknownIn(request.model, body),
    ...(kind === 'payments' ? unknownIn('CardDetails', body.paymentMethod) : []),
    ...(kind === 'details' ? unknownIn('PaymentCompletionDetails', body.details) : []),
  ];
  if (unknown.length > 0) return failure(400, 'validation', '702', `unknown fields: [${unknown.join(', ')}]`);
  const missing = request.required.find((name) => body[name] === undefined);
  if (missing === 'reference') return failure(422, 'validation', '130', 'Reference Missing');
  if (missing !== undefined && missing !== 'merchantAccount') {
    return failure(422, 'validation', '100', `Required object '${missing}' is not provided`);
  }
  // The details name their payment by themselves.
  if (kind === 'details') return null;
  if (body.merchantAccount !== account) return failure(403, 'security', '901', 'Invalid Merchant Account');
  if (String(body.reference ?? '').length > 80) return failure(422, 'validation', '130', 'Reference');
  return state.methodMissing !== null && kind === 'payments'
    ? failure(state.methodMissing, 'configuration', '905', 'Payment details are not supported')
    : null;
}

const unknownIn = (model: string, value: unknown): string[] => {
  const names = documented('checkout', model);
  return Object.keys((value ?? {}) as Json).filter((name) => !names.includes(name));
};
