// Adyen's answers as facts, pure. Money is said to have moved, or never to move, on Adyen's explicit word only; an answer
// about another order, amount or currency is `unknown`, however well it is formed.

import * as v from 'valibot';
import { Card } from '../../../contract/customers/payment_method.ts';
import type { Client, Order, ProviderFact, ReusableMethod } from '../domain/fact.ts';
import type { Reply } from '../https_exchange.ts';
import { canceled, declined, payerUrl, refused, setUpRefused, tryAgain, unknown } from '../outcomes.ts';
import { Failure, Modification, Payment, Session, SessionResult, StoredMethods } from './answers.ts';
import { referenceOf, type Terms, tokenOf } from './requests.ts';

/** What a session is opened with, and what the payer's page needs to use it. */
type Account = Terms & { readonly clientKey?: string | null };

function factOfOpened(order: Order, { merchantAccount, clientKey = null }: Account, reply: Reply): ProviderFact {
  const session = v.safeParse(Session, reply.body);
  if (!session.success) return unknown;
  const { id, sessionData, reference, amount, merchantAccount: account } = session.output;
  if (reference !== order.reference || account !== merchantAccount || !isAmount(order, amount)) return unknown;
  const client: Client = {
    provider: 'adyen',
    client_key: clientKey,
    session: { id, data: sessionData },
    action: null,
  };
  return { kind: 'requires_payment_method', charge: id, client, failed: null };
}

// docs.adyen.com, Checkout v71, GET /sessions/{sessionId} (read 2026-12): "active" and "canceled" leave it open to its payer.
export function factOfSession(order: Order, reply: Reply | null): ProviderFact {
  const result = reply?.status === 200 ? v.safeParse(SessionResult, reply.body) : null;
  if (!result?.success || result.output.id !== order.held) return unknown;
  const { status, payments, reference } = result.output;
  if (reference !== null && reference !== order.reference) return unknown;
  const paid = payments.find(({ resultCode, amount }) => resultCode === 'Authorised' && isAmount(order, amount));
  if (status === 'completed' && paid !== undefined) {
    return { kind: 'approved', charge: paid.pspReference, captured: order.capture };
  }
  if (status === 'paymentPending') return { kind: 'pending', charge: result.output.id };
  return status === 'refused' || status === 'expired' ? canceled : unknown;
}

/** The one method that Adyen keeps of a payment's shopper. */
export function reusableIn(order: Order, { merchantAccount }: Account, reply: Reply | null): ReusableMethod | null {
  const parsed = reply?.status === 200 ? v.safeParse(StoredMethods, reply.body) : null;
  if (!parsed?.success) return null;
  const { shopperReference, merchantAccount: account, storedPaymentMethods } = parsed.output;
  const [only, ...others] = storedPaymentMethods;
  if (only === undefined || others.length > 0) return null;
  if (shopperReference !== order.reference || account !== merchantAccount) return null;
  return { token: tokenOf(shopperReference, only.id), card: cardOf(only) };
}

type Stored = v.InferOutput<typeof StoredMethods>['storedPaymentMethods'][number];

/** What is not all there, or not as cards have it, is not shown. */
function cardOf({ brand, lastFour, expiryMonth, expiryYear }: Stored): ReusableMethod['card'] {
  const card = v.safeParse(Card, { brand, last4: lastFour, exp_month: expiryMonth, exp_year: expiryYear });
  return card.success ? card.output : null;
}

/** The answer to what a payer brought back. What Adyen refuses says nothing of the payment: the payer may have made it up. */
export function factOfConfirmation(order: Order, account: Account, reply: Reply | null): ProviderFact {
  const payment = reply?.status === 200 ? v.safeParse(Payment, reply.body) : null;
  // Who brought it is not known to be this payment's payer: only what names the payment says something about it.
  if (!payment?.success || payment.output.merchantReference !== order.reference) return unknown;
  return tryAgain(order, factOfPayment(order, payment.output, account), order.held ?? null);
}

/** The answer to an order that was sent. */
export function factOfSend(order: Order, account: Account, reply: Reply | null): ProviderFact {
  const { merchantAccount } = account;
  if (reply === null) return unknown;
  if (reply.status !== 200 && reply.status !== 201) return factOfFailure(reply);
  if (order.kind === 'charge' && order.payment_method === null) return factOfOpened(order, account, reply);
  if (order.kind === 'charge') {
    const payment = v.safeParse(Payment, reply.body);
    return payment.success ? factOfPayment(order, payment.output, account) : unknown;
  }
  const modification = v.safeParse(Modification, reply.body);
  if (!modification.success) return unknown;
  const { output } = modification;
  const ours =
    output.paymentPspReference === order.charge &&
    output.reference === referenceOf(order) &&
    output.merchantAccount === merchantAccount &&
    (order.kind === 'void' || isAmount(order, output.amount));
  // Adyen only accepts the order here; its outcome comes by webhook.
  return ours ? { kind: 'pending', charge: output.paymentPspReference } : unknown;
}

const isAmount = (order: Order, amount: Payment['amount']): boolean =>
  amount !== null && amount.value === order.amount && amount.currency === order.currency;

// docs.adyen.com/online-payments/build-your-integration/payment-result-codes (read 2026-11): Authorised, Refused,
// Cancelled and Error are final.
function factOfPayment(order: Order, payment: Payment, { clientKey = null }: Account): ProviderFact {
  const { resultCode, pspReference, merchantReference, action } = payment;
  if (merchantReference !== null && merchantReference !== order.reference) return unknown;
  switch (resultCode) {
    case 'Authorised': {
      const ours = pspReference !== null && merchantReference !== null && isAmount(order, payment.amount);
      return ours ? { kind: 'approved', charge: pspReference, captured: order.capture } : unknown;
    }
    case 'Refused':
      return declined('adyen', payment.refusalReasonCode ?? '2');
    case 'Error':
      return { ...declined('adyen', '4'), rawDeclineCode: payment.refusalReasonCode ?? '4' };
    case 'Cancelled':
      return canceled;
    case 'Received':
    case 'Pending':
      return pspReference === null ? unknown : { kind: 'pending', charge: pspReference };
    case 'RedirectShopper': {
      const url = action?.type === 'redirect' ? payerUrl(action.url) : null;
      // Adyen names its payment once the payer has acted; until then ours stands for it.
      const charge = pspReference ?? order.reference;
      if (url === null || action === null) return unknown;
      if (action.method === 'GET') return { kind: 'requires_action', charge, url };
      return action.method === 'POST' ? { kind: 'requires_action', charge, url, fields: action.data ?? {} } : unknown;
    }
    case 'IdentifyShopper':
    case 'ChallengeShopper': {
      if (action === null) return unknown;
      const client: Client = {
        provider: 'adyen',
        client_key: clientKey,
        session: null,
        action: JSON.stringify(Object.fromEntries(Object.entries(action).filter(([, value]) => value !== null))),
      };
      return { kind: 'requires_component', charge: pspReference ?? order.reference, client };
    }
    default:
      return unknown;
  }
}

// docs.adyen.com/development-resources/api-idempotency (read 2026-11): 704 is a key in use, 703 a store of keys that does
// not answer; both come with 409, 422 or 503, and neither says anything of the first request. Nor does 429.
// docs.adyen.com/development-resources/error-codes (read 2026-12): `security` is a key or an account that may not do this (000
// with 401, 010 and 901 with 403), `configuration` an account that is not set up for it (905 with 422, at some calls with 500),
// 702 a field that this version does not know.
function factOfFailure(reply: Reply): ProviderFact {
  const { status, body } = reply;
  const parsed = v.safeParse(Failure, body);
  if (!parsed.success) return unknown;
  const { errorType, errorCode } = parsed.output;
  if (isSetUp(status, errorType, errorCode)) return setUpRefused(reply);
  if (status !== 400 && status !== 422) return unknown;
  return errorType === 'validation' && errorCode !== '703' && errorCode !== '704' ? refused : unknown;
}

function isSetUp(status: number, errorType: string, errorCode: string | null): boolean {
  const notSetUp = errorType === 'configuration' && /^905(_\d+)?$/.test(errorCode ?? '');
  if (status === 500) return notSetUp;
  const unknownField = errorType === 'validation' && errorCode === '702';
  const ofAccount = errorType === 'security' || errorType === 'configuration';
  return (ofAccount || unknownField) && [400, 401, 403, 422].includes(status);
}
