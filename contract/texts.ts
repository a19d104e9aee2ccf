// What readers of the documentation are told about each resource and operation, in the fewest words that suffice.
// It must never hold what a row, a schema or a limit says already: those are read from where they stand.

import type * as auditEntries from './audit/operations.ts';
import type * as connections from './connections/operations.ts';
import type * as customers from './customers/customer_operations.ts';
import type * as paymentMethods from './customers/payment_method_operations.ts';
import type * as events from './events/operations.ts';
import type * as captures from './payments/capture_operations.ts';
import type * as payments from './payments/payment_operations.ts';
import type * as refunds from './payments/refund_operations.ts';
import type * as voids from './payments/void_operations.ts';
import type * as keys from './tenants/key_operations.ts';
import type * as tenants from './tenants/tenant_operations.ts';
import type * as deliveries from './webhooks/delivery_operations.ts';
import type * as webhookEndpoints from './webhooks/endpoint_operations.ts';

type IdOf<Rows> = { [Name in keyof Rows]: Rows[Name] extends { readonly id: infer Id } ? Id : never }[keyof Rows];

/** The ids of all rows: an operation without a text does not compile. */
export type OperationId =
  | IdOf<typeof auditEntries>
  | IdOf<typeof captures>
  | IdOf<typeof connections>
  | IdOf<typeof customers>
  | IdOf<typeof deliveries>
  | IdOf<typeof events>
  | IdOf<typeof keys>
  | IdOf<typeof paymentMethods>
  | IdOf<typeof payments>
  | IdOf<typeof refunds>
  | IdOf<typeof tenants>
  | IdOf<typeof voids>
  | IdOf<typeof webhookEndpoints>;

export type Resource = OperationId extends infer Id ? (Id extends `${infer Name}/${string}` ? Name : never) : never;

export interface ResourceText {
  readonly title: string;
  readonly about: string;
}

/** In the order in which a newcomer meets them. */
export const resourceTexts: Readonly<Record<Resource, ResourceText>> = {
  payments: {
    title: 'Payments',
    about:
      'A payment is one intention to charge. It is captured at once, or authorized first and captured later, in parts.',
  },
  captures: {
    title: 'Captures',
    about:
      'A capture takes all or a part of what a payment has authorized. An automatic capture is part of its payment.',
  },
  refunds: { title: 'Refunds', about: 'A refund gives back all or a part of what was captured.' },
  voids: { title: 'Voids', about: 'A void releases what is authorized and not captured.' },
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
  keys: {
    title: 'API keys',
    about:
      'A key acts for its tenant in one mode, within its scopes. Its secret is shown once, when it is made; only an HMAC of it is stored.',
  },
  events: {
    title: 'Events',
    about: 'Every committed change is an event, numbered without gaps for each payment, key or tenant.',
  },
  webhook_endpoints: {
    title: 'Webhook endpoints',
    about:
      'An endpoint is a public https address to which events are sent, signed. Its secret is shown once, when it is made.',
  },
  deliveries: {
    title: 'Deliveries',
    about:
      'A delivery is one event on its way to one endpoint, with every attempt. Deliveries about one object go out in the order of its events.',
  },
  connections: {
    title: 'Connections',
    about:
      'A connection is your account at a payment processor: the credentials under which we call it, and the address at which it calls us. Its credentials are sealed at once and never shown again.',
  },
  audit_entries: {
    title: 'Audit entries',
    about: 'Who did what to which object, when and from where: changes, reads, repeats and refusals.',
  },
  tenants: { title: 'Tenants', about: 'A tenant is a merchant. It lives in one residency zone and never leaves it.' },
};

export interface OperationText {
  /** An imperative, without a full stop. */
  readonly summary: string;
  readonly about: string;
}

export const operationTexts: Readonly<Record<OperationId, OperationText>> = {
  'payments/create': {
    summary: 'Create a payment',
    about:
      'Charges the payment method, or only authorizes it when "capture_method" is "manual". A decline is not an error: the payment is created, with the status "failed" and its reason in "last_error". When the processor does not answer in time the payment is "processing", and is settled without your help; it is never charged twice. With a "connection" the account behind it takes the payment, and whatever changes it later; without one the test processor does.',
  },
  'payments/get': { summary: 'Read a payment', about: 'The payment as it is now.' },
  'payments/list': { summary: 'List payments', about: 'The payments of the key’s mode, newest first.' },
  'payments/capture': {
    summary: 'Capture a payment',
    about:
      'Captures a part of an authorized payment, or, without an amount, all that is authorized and neither captured, voided nor reserved by another capture.',
  },
  'payments/refund': {
    summary: 'Refund a payment',
    about:
      'Gives back a part of what was captured, or, without an amount, all that is captured and neither refunded nor reserved by another refund.',
  },
  'payments/void': {
    summary: 'Void the rest of a payment',
    about:
      'Releases all that is authorized and not captured. A payment of which nothing was captured is "canceled". While a capture is running its amount cannot be voided.',
  },
  'captures/get': { summary: 'Read a capture', about: 'The capture as it is now.' },
  'captures/list': { summary: 'List the captures of a payment', about: 'Newest first.' },
  'refunds/get': { summary: 'Read a refund', about: 'The refund as it is now.' },
  'refunds/list': { summary: 'List the refunds of a payment', about: 'Newest first.' },
  'voids/get': { summary: 'Read a void', about: 'The void as it is now.' },
  'voids/list': { summary: 'List the voids of a payment', about: 'Newest first.' },
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
      'Keeps a processor’s token for the customer. Later payments name the saved method instead. Whether the processor knows the token shows when it is first paid with.',
  },
  'payment_methods/list': { summary: 'List the payment methods of a customer', about: 'Newest first.' },
  'payment_methods/get': { summary: 'Read a saved payment method', about: 'The payment method, without its token.' },
  'payment_methods/delete': {
    summary: 'Remove a saved payment method',
    about:
      'Its token is destroyed. Payments that were made with it stay as they are. Removing it again changes nothing.',
  },
  'keys/create': {
    summary: 'Make a key',
    about:
      'Makes a key of the same tenant and mode with scopes that the calling key holds. Keep "secret" at once: it is shown in this reply only, and is null when the request is repeated.',
  },
  'keys/list': { summary: 'List keys', about: 'The keys of the mode, newest first, without their secrets.' },
  'keys/rotate': {
    summary: 'Rotate a key',
    about: 'Makes a successor with the same name, scopes and addresses. The old key works for another 24 hours.',
  },
  'keys/revoke': {
    summary: 'Revoke a key',
    about: 'The very next request with this key is refused. Revoking a revoked key changes nothing.',
  },
  'events/get': { summary: 'Read an event', about: 'One committed change, with the object as the change left it.' },
  'events/list': { summary: 'List events', about: 'The events of the key’s mode, newest first.' },
  'webhook_endpoints/create': {
    summary: 'Make a webhook endpoint',
    about:
      'From now on matching events of the key’s mode are sent to the address. Keep "secret" at once: it signs every delivery, is shown in this reply only, and is null when the request is repeated.',
  },
  'webhook_endpoints/list': {
    summary: 'List webhook endpoints',
    about: 'The endpoints of the key’s mode, newest first.',
  },
  'webhook_endpoints/get': { summary: 'Read a webhook endpoint', about: 'The endpoint as it is now.' },
  'webhook_endpoints/update': {
    summary: 'Change a webhook endpoint',
    about:
      'Changes what is sent and where to. While an endpoint is disabled its deliveries are parked; when it is enabled they go on.',
  },
  'webhook_endpoints/delete': {
    summary: 'Delete a webhook endpoint',
    about: 'Nothing more is sent to it. What was still to be delivered is canceled. Deleting it again changes nothing.',
  },
  'webhook_endpoints/rotate_secret': {
    summary: 'Rotate an endpoint’s secret',
    about:
      'Makes a new secret. For 24 hours deliveries are signed with the old one as well, so that receivers can change over in their own time.',
  },
  'webhook_endpoints/test': {
    summary: 'Send a test event',
    about: 'Sends the event "webhook_endpoint.tested" to this endpoint alone, whatever its event filters.',
  },
  'webhook_endpoints/replay': {
    summary: 'Deliver past events again',
    about:
      'Every matching event that occurred in the window is delivered again, in a delivery of its own. An event keeps its id, so that receivers can tell.',
  },
  'deliveries/list': {
    summary: 'List the deliveries of an endpoint',
    about: 'Newest first. A page may end early, with a cursor that goes on.',
  },
  'deliveries/get': { summary: 'Read a delivery', about: 'The delivery with every attempt, and what it waits for.' },
  'deliveries/retry': {
    summary: 'Attempt a delivery now',
    about: 'A delivery that is pending is attempted at once; one that ended is attempted once more.',
  },
  'deliveries/skip': {
    summary: 'Skip a delivery',
    about: 'It is not attempted again, and what waited behind it goes on. Skipping what has ended changes nothing.',
  },
  'connections/create': {
    summary: 'Connect a payment processor',
    about:
      'Seals the credentials and makes the address in "ingress_url": enter it at the processor as the webhook’s address. For the test processor a missing secret is made, and shown in this reply only.',
  },
  'connections/list': { summary: 'List connections', about: 'The connections of the key’s mode, newest first.' },
  'connections/get': { summary: 'Read a connection', about: 'The connection, without its credentials.' },
  'connections/delete': {
    summary: 'Disconnect a payment processor',
    about:
      'Within a second it takes no new payments, and what the processor tells is answered with 404. Payments that it took can still be looked up, captured, voided and refunded for 30 days; then its credentials are destroyed. Adyen tells by webhook alone what became of a capture, refund or void: let those end first. Deleting it again changes nothing.',
  },
  'audit_entries/list': {
    summary: 'Search the audit trail',
    about:
      'Newest first. Filters are exact and join by “and”; "from" is inclusive, "to" is not. A page of a filtered search may end early, with a cursor that goes on.',
  },
  'tenants/create': {
    summary: 'Make a tenant',
    about:
      'Makes a merchant in the zone of this address, with one key of test mode that holds every scope. Keep "secret_key" at once: it is shown in this reply only.',
  },
  'tenants/create_key': {
    summary: 'Make a key for a tenant',
    about:
      'For an operator: makes a key of test mode for a tenant that lost its last one. The tenant’s own trail shows it. "secret" is shown in this reply only.',
  },
  'tenants/get': { summary: 'Read a tenant', about: 'The tenant as it is now.' },
  'tenants/update': { summary: 'Change a tenant', about: 'Changes the name or the metadata. The zone never changes.' },
};
