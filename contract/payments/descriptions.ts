// The documentation's texts about payments, captures, refunds and voids, and the cost of a request. They never repeat what a row, a
// schema or a limit says.

import { type Descriptions, type ErrorTexts, notFound } from '../kernel/description.ts';
import type { errors } from './errors.ts';
import type * as operations from './operations.ts';

export const descriptions = {
  resources: {
    payments: {
      title: 'Payments',
      about:
        'A payment is one intention to charge. It is captured at once, or authorized first and captured later, in parts.',
    },
    captures: {
      title: 'Captures',
      about:
        'A capture takes all or a part of what a payment has authorized. An automatic capture is part of its payment. One that was made at the processor’s own pages is taken over, and looks like any other.',
    },
    refunds: {
      title: 'Refunds',
      about:
        'A refund gives back all or a part of what was captured. One that was made at the processor’s own pages is taken over, and looks like any other.',
    },
    voids: { title: 'Voids', about: 'A void releases what is authorized and not captured.' },
  },
  operations: {
    'payments/create': {
      summary: 'Create a payment',
      about:
        'Charges the payment method, or only authorizes it when "capture_method" is "manual". A decline is not an error: the payment is created, with the status "failed" and its reason in "last_error". Without a "payment_method" nothing is charged yet: the status is "requires_payment_method", and "client" holds what the payer’s page needs for the processor’s own fields, so that no card data touches your servers; the outcome comes by webhook. When the processor does not answer in time the payment is "processing", and is settled without your help; it is never charged twice. With a "connection" the account behind it takes the payment, and whatever changes it later; without one the test processor does.',
    },
    'payments/confirm': {
      summary: 'Confirm what the payer did',
      about:
        'For a payment that waits for its payer: asks the processor what became of it, with what the payer brought back from there. Send "redirect_result" after a redirect through Adyen, "session_result" or "details" of Adyen’s components, and nothing for Stripe and the test processor. It may be called as often as you like, and changes nothing that a webhook has told already; without it the outcome comes a little later.',
    },
    'payments/update': {
      summary: 'Change what you wrote into a payment',
      about:
        'Description, reference and metadata, whatever became of the payment. What is not sent stays; "metadata" is replaced whole; null removes. It changes nothing at the processor.',
    },
    'payments/cancel': {
      summary: 'Cancel a payment',
      about:
        'Ends a payment that waits for its payer ("requires_payment_method" or "requires_action"). Stripe and the test processor are told, and the payer cannot pay any more; where the payer was faster the payment is as it was paid. Adyen has no way to end a session before its time: the payment is canceled here, and what its payer still pays there is recorded all the same, with its event, so that you can void or refund it.',
    },
    'payments/get': { summary: 'Read a payment', about: 'The payment as it is now.' },
    'payments/list': {
      summary: 'List payments',
      about:
        'The payments of the key’s mode, newest first, by status, customer, reference and time of creation. A page examines 500 payments at most, so one with filters may be short, or empty, and still have a next one.',
    },
    'payments/capture': {
      summary: 'Capture a payment',
      about:
        'Captures a part of an authorized payment, or, without an amount, all that is authorized and neither captured, voided nor reserved by another capture.',
    },
    'payments/refund': {
      summary: 'Refund a payment',
      about:
        'Gives back a part of what was captured, or, without an amount, all that is captured and neither refunded nor reserved by another refund. A payment with an open dispute is refunded only where "despite_dispute" says so.',
    },
    'payments/void': {
      summary: 'Void the rest of a payment',
      about:
        'Releases all that is authorized and not captured. A payment of which nothing was captured is "canceled". While a capture is running its amount cannot be voided. Through Stripe, a payment that waits for its payer ("requires_action") can be voided too: it is canceled at the processor, and cannot be paid any more; where the payer was faster the void fails.',
    },
    'captures/get': { summary: 'Read a capture', about: 'The capture as it is now.' },
    'captures/list': { summary: 'List the captures of a payment', about: 'Newest first.' },
    'refunds/get': { summary: 'Read a refund', about: 'The refund as it is now.' },
    'refunds/list_all': {
      summary: 'List refunds',
      about: 'The refunds of all payments of the key’s mode, newest first, by status and time of creation.',
    },
    'refunds/list': { summary: 'List the refunds of a payment', about: 'Newest first.' },
    'voids/get': { summary: 'Read a void', about: 'The void as it is now.' },
    'voids/list': { summary: 'List the voids of a payment', about: 'Newest first.' },
  },
  // What lets the payer in, and how a method may be used again, lie in the payment's row: two of its writes are a unit dearer.
  costs: {
    'payments/create': { calls: 2, write: 9, read: 0, kms: 0, processor: 1, behind: 4, events: 2 },
    'payments/confirm': { calls: 2, write: 1, read: 1, kms: 0, processor: 1, behind: 0, events: 0 },
    'payments/update': { calls: 2, write: 3, read: 1, kms: 0, processor: 0, behind: 2, events: 1 },
    'payments/cancel': { calls: 3, write: 22, read: 1, kms: 0, processor: 1, behind: 2, events: 1 },
    'payments/get': { calls: 1, write: 1, read: 1, kms: 0, processor: 0, behind: 0, events: 0 },
    'payments/list': { calls: 2, write: 1, read: 5, kms: 0, processor: 0, behind: 0, events: 0 },
    'payments/capture': { calls: 3, write: 24, read: 2, kms: 0, processor: 1, behind: 4, events: 2 },
    'payments/refund': { calls: 3, write: 26, read: 2, kms: 0, processor: 1, behind: 4, events: 2 },
    'payments/void': { calls: 3, write: 24, read: 2, kms: 0, processor: 1, behind: 4, events: 2 },
    'captures/get': { calls: 1, write: 1, read: 2, kms: 0, processor: 0, behind: 0, events: 0 },
    'captures/list': { calls: 1, write: 1, read: 2, kms: 0, processor: 0, behind: 0, events: 0 },
    'refunds/get': { calls: 1, write: 1, read: 2, kms: 0, processor: 0, behind: 0, events: 0 },
    'refunds/list_all': { calls: 2, write: 1, read: 5, kms: 0, processor: 0, behind: 0, events: 0 },
    'refunds/list': { calls: 1, write: 1, read: 2, kms: 0, processor: 0, behind: 0, events: 0 },
    'voids/get': { calls: 1, write: 1, read: 2, kms: 0, processor: 0, behind: 0, events: 0 },
    'voids/list': { calls: 1, write: 1, read: 2, kms: 0, processor: 0, behind: 0, events: 0 },
  },
  fields: {
    'CreatePayment.amount': 'In the currency’s minor unit: 1999 is EUR 19.99, and JPY 1999.',
    'CreatePayment.currency': 'ISO 4217, in upper case.',
    'CreatePayment.customer': 'Who pays. Needed where the payment method is a saved one.',
    'CreatePayment.payment_method':
      'Absent: the payer gives one to the processor’s own fields. A saved payment method, pmt_…; or a token of the processor, never card data: Stripe’s own pm_…; Adyen’s pm_adyen_<shopper reference>_<stored payment method id>.',
    'CreatePayment.connection':
      'The account that takes the payment. Absent: the one that the saved payment method names; else in live mode the default of its currency, in test mode the test processor.',
    'CreatePayment.payer_address':
      'The IP address of the payer’s browser or app. Payments of one address are counted, by a keyed digest; it is stored nowhere and goes to nobody.',
    'CreatePayment.return_url':
      'Where the processor sends the payer back to. Adyen needs it always, Stripe with a payment method; forgotten once the charge is answered.',
    'CreatePayment.expires_at':
      'Until when the payer may act: from 5 minutes to 24 hours from now. Then the payment is "expired". Absent: an hour where no payment method is sent, else no end.',
    'CreatePayment.capture_method': '"automatic" charges at once; "manual" only authorizes.',
    'CreatePayment.setup_future_usage':
      'The processor keeps the payment method for later payments of the customer: "on_session" while its payer is there, "off_session" without too. Its payer must have agreed. Once it is paid, POST /v1/customers/{customer_id}/payment_methods saves it.',
    'CreatePayment.off_session':
      'The payer is not there: only with a saved payment method. Where the issuer wants its payer, it is declined with authentication_required; ask the payer to pay with the same method while being there. Adyen wants a return_url here too.',
    'CreatePayment.description': 'Free text for your own eyes.',
    'CreatePayment.reference':
      'Your own name of it, such as an order’s number: payments are found by it, exactly as it is written. It need not be unique. Sealed.',
    'UpdatePayment.metadata': 'Replaces all values.',
    'CreatePayment.metadata': 'Up to 50 values of your own.',
    'CreateCapture.amount': 'Absent: all that is authorized and neither captured, voided nor reserved.',
    'CreateRefund.amount': 'Absent: all that is captured and neither refunded nor reserved.',
    'CreateRefund.despite_dispute':
      'true: refund although the payer disputes the payment. Absent or false: such a refund is refused.',
    'CreateRefund.reason': 'Free text for your own eyes.',
    'Payment.status': 'Where the payment stands. "processing" means that its outcome is not known yet.',
    'Payment.amount': 'What was asked for.',
    'Payment.customer': 'Who paid, where the request named a customer; it may have been deleted since.',
    'Payment.payment_method':
      'As it was sent: a saved payment method, or the processor’s token; null: the payer chooses in the processor’s fields.',
    'Payment.amount_authorized': 'What the processor has authorized.',
    'Payment.amount_captured': 'What was taken so far.',
    'Payment.amount_refunded': 'What was given back so far.',
    'Payment.amount_voided': 'What was released without being captured.',
    'Payment.connection': 'The connection that took it; null: the test processor.',
    'Payment.disputed': 'Whether the payer disputes the charge, in a dispute that is open.',
    'Payment.last_dispute': 'The dispute that the processor reported last; null where it reported none.',
    'LastDispute.id': 'The processor’s own id of it.',
    'LastDispute.status':
      '"won": the money stays yours. "lost": it went back to the payer. "closed": it ended without either.',
    'LastDispute.amount': 'What is disputed, where the processor says so: it may be a part.',
    'Payment.last_error': 'Why it failed; null unless it did.',
    'Payment.next_action': 'What the payer must do before the payment can go on.',
    'Payment.client_secret':
      'Lets the payer’s browser read and confirm this payment, with a publishable key. Give it to nobody else. Null in lists and events.',
    'Payment.client':
      'What the payer’s page needs for the processor’s own fields and components, while it is the payer’s turn.',
    'Payment.expires_at': 'Until when the payer may act; null: no end.',
    'RedirectAction.type': 'Send the payer to the URL.',
    'ComponentAction.type': 'Hand "client" to the processor’s own component in the page.',
    'RedirectAction.method': 'GET: open the URL. POST: send "fields" there as a form.',
    'StripeClient.publishable_key': 'Stripe’s, where the connection has it.',
    'StripeClient.client_secret': 'Of Stripe’s PaymentIntent.',
    'AdyenClient.client_key': 'Adyen’s, where the connection has it.',
    'AdyenClient.session': 'Of Adyen: what its Drop-in and Components begin with.',
    'AdyenClient.action': 'Adyen’s action, as JSON, for its components.',
    'TestClient.url': 'The test processor’s own fields, as a page.',
    'ConfirmPayment.redirect_result': 'Adyen: "redirectResult" in the address that the payer came back to.',
    'ConfirmPayment.session_result': 'Adyen: "sessionResult" of its component.',
    'ConfirmPayment.details': 'Adyen: "details" of its component’s state, as JSON.',
    'LastError.decline_code':
      'Why the payment method, its issuer or the processor said no, where they gave a reason. More codes may be added.',
    'LastError.raw_decline_code': 'The same in the processor’s own code: for support, and not to be decided by.',
    'LastError.retriable': 'Whether a new payment with the same method may succeed.',
    'Capture.status': '"processing" holds its amount until the outcome is known.',
    'Refund.status': '"processing" holds its amount until the outcome is known.',
    'Capture.payment': 'The payment that it belongs to.',
    'Refund.payment': 'The payment that it belongs to.',
    'Void.payment': 'The payment that it belongs to.',
  },
} as const satisfies Descriptions<typeof operations>;

export const errorTexts = {
  payment_not_found: notFound('payment', 'the key may see'),
  capture_not_found: notFound('capture', 'belongs to this payment'),
  refund_not_found: notFound('refund', 'belongs to this payment'),
  void_not_found: notFound('void', 'belongs to this payment'),
  velocity_exceeded: {
    happens:
      'In live mode a payment method begins at most 10 payments in an hour, a customer 20, a payer’s address 60 and a tenant 36,000. What is refused was not made and counts for nothing.',
    remedy: 'Find out who tries so often before you try again; Retry-After says when the hour is over.',
  },
  payment_method_unknown: {
    happens: 'The token has the right form, but is none of the processor that is to take the payment.',
    remedy:
      'Without a connection use one of the documented test payment methods; with one, a token of that connection’s provider.',
  },
  test_processor_missing: {
    happens:
      'The payment names no connection, or one to the test processor, and this deployment runs no test processor.',
    remedy: 'Name a connection to the test mode of a provider, or set testProcessorUrl in strongroom.config.ts.',
  },
  payment_not_cancelable: {
    happens: 'The payment waits for no payer: it is settled, still on its way to its processor, or only authorized.',
    remedy: 'Read the payment. Void what is authorized; refund what is captured.',
  },
  payment_not_capturable: {
    happens:
      'The payment is not authorized: it was captured at once, is settled already, failed, or still waits for its outcome.',
    remedy: 'Read the payment; capture only while its status is "authorized".',
  },
  payment_disputed: {
    happens:
      'The processor reports a dispute of the payment that is open: its bank may be taking the money back already.',
    remedy: 'Wait until the dispute has ended; or send "despite_dispute": true to refund all the same.',
  },
  payment_not_refundable: {
    happens: 'Nothing of the payment has been captured yet.',
    remedy: 'Void what is only authorized; refund what is captured.',
  },
  payment_not_voidable: {
    happens: 'Nothing is left to void, or a capture is still running and holds the rest.',
    remedy: 'Read the payment, wait for its captures, then try with a new Idempotency-Key.',
  },
  amount_exceeds_authorized: {
    happens: 'The capture asks for more than is left of the authorized amount. Captures in progress count as captured.',
    remedy: 'Read the payment and capture at most the rest.',
  },
  amount_exceeds_captured: {
    happens: 'The refund asks for more than is left of the captured amount. Refunds in progress count as refunded.',
    remedy: 'Read the payment and refund at most the rest.',
  },
  too_many_modifications: {
    happens: 'The payment has 100 captures, refunds and voids already, failed ones included.',
    remedy: 'Make fewer and larger ones; a new payment starts anew.',
  },
} as const satisfies ErrorTexts<typeof errors>;
