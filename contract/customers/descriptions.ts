// What the documentation says about customers and their saved payment methods, and what a request costs. It must never hold what a row, a
// schema or a limit says already.

import { type Descriptions, type ErrorTexts, notFound } from '../kernel/description.ts';
import type { errors } from './errors.ts';
import type * as operations from './operations.ts';

export const descriptions = {
  resources: {
    customers: {
      title: 'Customers',
      about:
        'A customer is a person whom you know. What you tell of one is sealed under a key of its own, which is destroyed when the customer is deleted: from then on nobody can read any of it, in no table, stream or backup.',
    },
    payment_methods: {
      title: 'Saved payment methods',
      about:
        'A saved payment method is a processor’s token, kept for a customer. Of its card no more is kept than brand, last four digits and expiry; the token is never shown again.',
    },
  },
  operations: {
    'customers/create': {
      summary: 'Create a customer',
      about:
        'Every field may be left out: tell no more of a person than you need. All of them are sealed, descriptions and metadata too.',
    },
    'customers/list': {
      summary: 'List customers',
      about:
        'The customers of the key’s mode, newest first; with "email" those who have exactly this address, however it is capitalised. Deleted ones are left out.',
    },
    'customers/get': { summary: 'Read a customer', about: 'The customer as it is now; 410 once it was deleted.' },
    'customers/update': {
      summary: 'Change a customer',
      about: 'Changes what is sent, and nothing else; null removes. "address" and "metadata" are replaced whole.',
    },
    'customers/delete': {
      summary: 'Delete a customer',
      about:
        'Destroys the key under which everything known of the person is sealed, saved payment methods included. This cannot be undone: within 7 days it holds for every backup. Payments that name the customer stay as they are, and so do events, which hold nothing personal. Deleting it again changes nothing.',
    },
    'payment_methods/create': {
      summary: 'Save a payment method',
      about:
        'Keeps a processor’s token for the customer: one that you have, or the one that the processor kept of a payment with "setup_future_usage". Later payments name the saved method instead. Whether the processor knows a token that you send shows when it is first paid with.',
    },
    'payment_methods/list': { summary: 'List the payment methods of a customer', about: 'Newest first.' },
    'payment_methods/get': { summary: 'Read a saved payment method', about: 'The payment method, without its token.' },
    'payment_methods/delete': {
      summary: 'Remove a saved payment method',
      about:
        'Its token is destroyed. Payments that were made with it stay as they are. Removing it again changes nothing.',
    },
  },
  costs: {
    'customers/create': { calls: 1, write: 10, read: 0, kms: 0, processor: 0, behind: 2, events: 1 },
    'customers/list': { calls: 2, write: 1, read: 8, kms: 0, processor: 0, behind: 0, events: 0 },
    'customers/get': { calls: 1, write: 1, read: 2, kms: 0, processor: 0, behind: 0, events: 0 },
    'customers/update': { calls: 2, write: 2, read: 2, kms: 0, processor: 0, behind: 2, events: 1 },
    'customers/delete': { calls: 2, write: 10, read: 2, kms: 0, processor: 0, behind: 2, events: 1 },
    'payment_methods/create': { calls: 2, write: 10, read: 3, kms: 0, processor: 0, behind: 2, events: 1 },
    'payment_methods/list': { calls: 2, write: 1, read: 3, kms: 0, processor: 0, behind: 0, events: 0 },
    'payment_methods/get': { calls: 1, write: 1, read: 3, kms: 0, processor: 0, behind: 0, events: 0 },
    'payment_methods/delete': { calls: 2, write: 8, read: 3, kms: 0, processor: 0, behind: 2, events: 1 },
  },
  fields: {
    'CreateCustomer.email': 'Found again by "email" of the list, in any capitals.',
    'CreateCustomer.phone': 'E.164: +442079460018.',
    'CreateCustomer.description': 'Free text for your own eyes.',
    'CreateCustomer.metadata': 'Up to 50 values of your own.',
    'UpdateCustomer.address': 'Replaces the whole address; null removes it.',
    'UpdateCustomer.metadata': 'Replaces all values.',
    'PostalAddress.country': 'ISO 3166-1, two letters in upper case.',
    'SavePaymentMethod.payment':
      'A payment of the customer’s that was made with "setup_future_usage" and is approved: the method that its processor keeps is saved.',
    'SavePaymentMethod.token': 'As in "payment_method" of a payment. Sealed; never shown.',
    'SavePaymentMethod.processor_customer':
      'The customer, at Stripe, that the token is attached to: Stripe charges an attached payment method for no other. Sealed; never shown.',
    'SavePaymentMethod.connection':
      'The account that knows the token. Absent: the test processor, or the payment’s own.',
    'SavePaymentMethod.card': 'What you show to the customer, as the processor reported it.',
    'SavedPaymentMethod.usage':
      'To what its payer agreed when it was kept of a payment; null: it was saved by its token, and you know.',
    'SavedPaymentMethod.connection': 'The connection that payments with it go through, unless they name none.',
    'CustomerQuery.limit': 'Items a page.',
    'CustomerQuery.cursor': '"next_cursor" of the page before.',
    'CustomerQuery.email': 'Exactly this address, in any capitals.',
  },
} as const satisfies Descriptions<typeof operations>;

export const errorTexts = {
  customer_not_found: notFound('customer', 'is yours'),
  payment_method_not_found: notFound('saved payment method', 'the customer has and that was not removed'),
  customer_deleted: {
    happens:
      'The key of the data subject was destroyed: what was sealed under it stays unreadable, the first replies to earlier requests included.',
    remedy: 'Create a new customer, if the person comes back. Payments that name the old one can still be read.',
  },
  payment_keeps_no_method: {
    happens:
      'The payment that is named was made without "setup_future_usage", is not approved yet, or its processor has not said which method it keeps.',
    remedy: 'POST /v1/payments/{payment_id}/confirm asks the processor once more; then save again.',
  },
  too_many_payment_methods: {
    happens: 'The customer has as many saved payment methods as one may have. Removed ones do not count.',
    remedy: 'Remove one that is not used any more.',
  },
} as const satisfies ErrorTexts<typeof errors>;
