// Adyen's sessions as its stub holds them: opened by us, paid by the payer's page, read with the result that the page got.
//
// Source: Checkout API v71, POST /sessions and GET /sessions/{sessionId} (the typings of @adyen/api-library 32.1.0); read 2026-12.

import type { Given } from './provider_server.ts';

type Json = Record<string, unknown>;
type Answered = (body: Json, status: string, answer: Json) => Given;

const noResult = { errorType: 'validation', errorCode: '14_012', message: 'text of Adyen' };

interface Session {
  readonly id: string;
  readonly body: Json;
  status: 'active' | 'completed' | 'refused' | 'expired';
  readonly payments: Json[];
}

interface Stored {
  readonly id: string;
  readonly shopperReference: string;
}

export class AdyenSessions {
  readonly all: Session[] = [];
  readonly stored: Stored[] = [];
  readonly #answered: Answered;

  constructor(answered: Answered) {
    this.#answered = answered;
  }

  open(body: Json): Given {
    const expiresAt = Date.parse(String(body.expiresAt));
    if (Number.isNaN(expiresAt)) return { status: 422, body: { errorType: 'validation', errorCode: '100' } };
    const id = `CS${String(this.all.length + 1).padStart(14, '0')}`;
    this.all.push({ id, body, status: 'active', payments: [] });
    return { status: 201, body: { ...body, id, sessionData: `Ab02b4c0!${id}`, mode: 'embedded' } };
  }

  /** In the payer's page, with the session's id and data; the page is given the result. */
  pay(id: string, resultCode: 'Authorised' | 'Refused'): string {
    const session = this.#session(id);
    if (session.status !== 'active') throw new Error(`the session is ${session.status}`);
    const { body } = this.#answered(session.body, resultCode, {});
    if (resultCode === 'Authorised') {
      const { pspReference } = body as { readonly pspReference: string };
      session.status = 'completed';
      session.payments.push({ pspReference, resultCode, amount: session.body.amount });
      const { storePaymentMethodMode, shopperReference } = session.body;
      if (storePaymentMethodMode === 'enabled') {
        const number = String(this.stored.length + 1).padStart(12, '0');
        this.stored.push({ id: `STOR${number}`, shopperReference: String(shopperReference) });
      }
    }
    return `result-of-${id}`;
  }

  ends(id: string, status: 'refused' | 'expired'): string {
    this.#session(id).status = status;
    return `result-of-${id}`;
  }

  result(id: string, sessionResult: string | null): Given {
    const session = this.all.find((each) => each.id === id);
    if (session === undefined || sessionResult !== `result-of-${id}`) {
      return { status: 422, body: { status: 422, ...noResult } };
    }
    const { status, payments, body } = session;
    return { status: 200, body: { id, status, payments, reference: body.reference } };
  }

  /** GET /storedPaymentMethods. */
  storedOf(shopperReference: string, merchantAccount: string): Given {
    const shown = { brand: 'visa', lastFour: '1142', expiryMonth: '03', expiryYear: '2030', type: 'scheme' };
    const mine = this.stored.filter((each) => each.shopperReference === shopperReference);
    const storedPaymentMethods = mine.map(({ id }) => ({ id, ...shown, supportedShopperInteractions: ['ContAuth'] }));
    return { status: 200, body: { merchantAccount, shopperReference, storedPaymentMethods } };
  }

  #session(id: string): Session {
    const session = this.all.find((each) => each.id === id);
    if (session === undefined) throw new Error(`no session ${id}`);
    return session;
  }
}
