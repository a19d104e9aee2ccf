// The documentation's texts about connections to payment processors, and the cost of a request. They never repeat what a row, a
// schema or a limit says.

import { type Descriptions, type ErrorTexts, notFound } from '../kernel/description.ts';
import type { errors } from './errors.ts';
import type * as operations from './operations.ts';

export const descriptions = {
  resources: {
    connections: {
      title: 'Connections',
      about:
        'A connection is your account at a payment processor: the credentials under which we call it, and the address at which it calls us. Its credentials are sealed at once and never shown again.',
    },
  },
  operations: {
    'connections/create': {
      summary: 'Connect a payment processor',
      about:
        'Seals the credentials and makes the address in "ingress_url": enter it at the processor as the webhook’s address. For the test processor a missing secret is made, and shown in this reply only.',
    },
    'connections/list': { summary: 'List connections', about: 'The connections of the key’s mode, newest first.' },
    'connections/get': {
      summary: 'Read a connection',
      about:
        'The connection, without its credentials. "failing_since" says whether the processor refuses it: payments through it fail until that is put right there, or its credentials are replaced here.',
    },
    'connections/update': {
      summary: 'Replace a connection’s credentials',
      about:
        'Name the provider and what is new. Requests go out under the new API key at once; webhooks that the old secret signed are accepted for 24 hours more, so that you can change over at the processor before or after. Payments that are under way go on. The account stays: connect another one for another account.',
    },
    'connections/get_defaults': {
      summary: 'Read the default connections',
      about: 'Which connections take live payments that name none, by currency.',
    },
    'connections/set_defaults': {
      summary: 'Choose the default connections',
      about:
        'Which connections take live payments that name none, by currency, and by "*" for every other one: replaces all of them. The first takes a payment; while its processor refuses it, the next one does. It is chosen when the payment is made and stays: nothing of a payment is ever asked through another.',
    },
    'connections/delete': {
      summary: 'Disconnect a payment processor',
      about:
        'Within a second it takes no new payments, and the processor’s webhooks are answered with 404. Payments that it took can still be looked up, captured, voided and refunded for 30 days; then its credentials are destroyed. Adyen reports the outcome of a capture, refund or void by webhook alone: let those end first. Deleting it again changes nothing.',
    },
  },
  // Whether a connection is failing is a row of its own: one more call and read.
  costs: {
    'connections/create': { calls: 3, write: 3, read: 5.5, kms: 0, processor: 0, behind: 2, events: 1 },
    'connections/list': { calls: 3, write: 1, read: 7, kms: 0, processor: 0, behind: 0, events: 0 },
    'connections/get': { calls: 2, write: 1, read: 2, kms: 0, processor: 0, behind: 0, events: 0 },
    'connections/update': { calls: 3, write: 2, read: 2, kms: 0, processor: 0, behind: 2, events: 1 },
    'connections/get_defaults': { calls: 1, write: 1, read: 1, kms: 0, processor: 0, behind: 0, events: 0 },
    'connections/set_defaults': { calls: 3, write: 1, read: 2, kms: 0, processor: 0, behind: 2, events: 1 },
    'connections/delete': { calls: 3, write: 3, read: 2, kms: 0, processor: 0, behind: 2, events: 1 },
  },
  fields: {
    'CreateStripeConnection.api_key':
      'A secret or restricted key of Stripe’s, of the connection’s mode. Sealed; never shown.',
    'CreateStripeConnection.webhook_secret': 'With which Stripe signs its webhooks. Sealed; never shown.',
    'CreateStripeConnection.publishable_key': 'For the payer’s page, which gets it with each payment. No secret.',
    'CreateAdyenConnection.client_key': 'For the payer’s page, which gets it with each payment. No secret.',
    'CreateAdyenConnection.api_key': 'Under which Adyen is called. Sealed; never shown.',
    'CreateAdyenConnection.hmac_key': 'With which Adyen signs its webhooks, in hexadecimal. Sealed; never shown.',
    'CreateAdyenConnection.merchant_account': 'Webhooks about other accounts are ignored.',
    'CreateAdyenConnection.multiple_partial_captures':
      'Says that Adyen’s support switched it on for the account. Without it the first partial capture releases the rest.',
    'CreateAdyenConnection.live_prefix':
      'Required in live mode, and only there: the prefix of your account’s own address, as Adyen’s Customer Area shows it.',
    'CreateTestConnection.webhook_secret': 'Absent: one is made, and shown once.',
    'Connection.credentials_replaced_at': 'When its credentials were replaced last; null: never.',
    'ConnectionWithHealth.failing_since':
      'Since when the processor refuses the account, its key or its set-up, as payments found out; null: it does not, as far as is known.',
    'ConnectionHealth.connection': 'Whose it is.',
    'SetConnectionDefaults.currencies':
      'By currency (ISO 4217), or "*", the connections in their order. Empty: payments must name theirs.',
    'ConnectionDefaults.updated_at': 'When they were chosen last; null: never.',
    'ConnectionHealth.failing_since': 'As in the connection.',
    'Connection.ingress_url': 'Enter it at the provider: there it sends its webhooks.',
    'CreatedConnection.webhook_secret': 'Shown once, where it was made here: null otherwise.',
  },
} as const satisfies Descriptions<typeof operations>;

export const errorTexts = {
  connection_not_found: notFound('connection', 'is yours and was not deleted'),
  too_many_connections: {
    happens: 'The mode has as many connections as a tenant may have. Deleted ones do not count.',
    remedy: 'Delete a connection that is not used any more.',
  },
  too_many_credentials: {
    happens: 'The credentials were replaced again and again, and the old ones are still accepted.',
    remedy: 'Wait: each is accepted for 24 hours after it was replaced.',
  },
  credentials_of_other_mode: {
    happens:
      'The key that makes the connection is of one mode, and a credential of the provider’s other one; or Adyen’s live address is missing.',
    remedy:
      'Use the credentials of the key’s mode. In live mode Adyen’s “live_prefix” is needed: its Customer Area shows it under API URLs.',
  },
} as const satisfies ErrorTexts<typeof errors>;
