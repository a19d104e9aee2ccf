// What the documentation says about tenants, API keys and operators, and what a request costs. It must never hold what a row, a
// schema or a limit says already.

import { type Cost, type Descriptions, type ErrorTexts, notFound } from '../kernel/description.ts';
import type { errors } from './errors.ts';
import type * as operations from './operations.ts';

export const descriptions = {
  resources: {
    keys: {
      title: 'API keys',
      about:
        'A key acts for its tenant in one mode, within its scopes. Its secret is shown once, when it is made; only an HMAC of it is stored.',
    },
    business: {
      title: 'Business',
      about:
        'Who a tenant is: its legal form, and the people who own and direct it, sealed. Live keys and live payments begin once it is verified.',
    },
    tenants: { title: 'Tenants', about: 'A tenant is a merchant. It lives in one residency zone and never leaves it.' },
  },
  operations: {
    'keys/create': {
      summary: 'Make a key',
      about:
        'Makes a key of the same tenant and mode with scopes that the calling key holds. Keep "secret" at once: it is shown in this reply only, and is null when the request is repeated.',
    },
    'keys/list': {
      summary: 'List keys',
      about: 'The keys of the mode, newest first, without their secrets; with "created_by", those that one key made.',
    },
    'keys/rotate': {
      summary: 'Rotate a key',
      about: 'Makes a successor with the same name, scopes and addresses. The old key works for another 24 hours.',
    },
    'keys/revoke': {
      summary: 'Revoke a key',
      about:
        'The very next request with this key is refused. Revoking a revoked key changes nothing. A key that was stolen may have made others: "descendants=revoke" revokes them too, with their successors and what those made, up to 100 in one request. Repeat it while "has_more" is true, or after any failure: it goes on where it ended. Call with a key that is not among them.',
    },
    'tenants/create': {
      summary: 'Make a tenant',
      about:
        'Makes a merchant in the zone of this address, with one key of test mode that holds every scope. Keep "secret_key" at once: it is shown in this reply only.',
    },
    'tenants/create_key': {
      summary: 'Make a key for a tenant',
      about:
        'For an operator: makes a key for a tenant that lost its last one, or the first key of live mode, which only a verified tenant gets. The tenant’s own trail shows it. "secret" is shown in this reply only.',
    },
    'tenants/get': { summary: 'Read a tenant', about: 'The tenant as it is now.' },
    'tenants/update': {
      summary: 'Change a tenant',
      about: 'Changes the name or the metadata. The zone never changes.',
    },
    'tenants/list': {
      summary: 'List tenants',
      about:
        'The tenants of this zone, newest first, by their verification, suspension or time of creation. A page of a filtered list may be short and still have a next one.',
    },
    'tenants/suspend': {
      summary: 'Suspend a tenant',
      about:
        'From then on no live charge, capture or key of the tenant commits; with "refunds=stop" no live refund or void does. What was committed before is carried to its end. Test mode goes on.',
    },
    'tenants/resume': {
      summary: 'Resume a tenant',
      about: 'Ends a suspension: live mode may do again what the verification allows.',
    },
    'tenants/close': {
      summary: 'Close a tenant',
      about:
        'Ends live charges for good. Keys go on reading, and refunding unless the tenant was suspended with "refunds=stop".',
    },
    'tenants/get_business': {
      summary: 'Read a tenant’s business',
      about: 'The business as submitted, with the last proposed decision, for the operators who decide.',
    },
    'tenants/propose_verification': {
      summary: 'Propose a decision',
      about:
        'Proposes to approve or reject the submission that is named, which must be the one under review. A later proposal replaces an earlier one.',
    },
    'tenants/confirm_verification': {
      summary: 'Confirm a decision',
      about: 'Another operator than the one who proposed confirms the same decision of the same submission.',
    },
    'business/get': {
      summary: 'Read the business',
      about: 'The business of the calling key’s tenant; "requirements" names what its verification still needs.',
    },
    'business/update': {
      summary: 'Replace the business',
      about:
        'Replaces all of it. A business under review or verified does not change; after a rejection a change begins a new verification.',
    },
    'business/submit': {
      summary: 'Submit the business',
      about: 'Submits it for verification, once "requirements" is empty.',
    },
  },
  costs: {
    // The calling key's own row is written with the new one, so that a key revoked meanwhile makes none.
    'keys/create': { calls: 2, write: 8, read: 1, kms: 0, processor: 0, behind: 2, events: 1 },
    'keys/list': { calls: 2, write: 1, read: 2, kms: 0, processor: 0, behind: 0, events: 0 },
    'keys/rotate': { calls: 3, write: 12, read: 3, kms: 0, processor: 0, behind: 2, events: 1 },
    'keys/revoke': { calls: 2, write: 2, read: 1, kms: 0, processor: 0, behind: 2, events: 1 },
    'tenants/create': { calls: 4, write: 11, read: 1, kms: 1, processor: 0, behind: 2, events: 1 },
    'tenants/create_key': { calls: 2, write: 3, read: 1, kms: 0, processor: 0, behind: 2, events: 1 },
    'tenants/get': { calls: 1, write: 1, read: 1, kms: 0, processor: 0, behind: 0, events: 0 },
    'tenants/list': { calls: 2, write: 1, read: 1, kms: 0, processor: 0, behind: 0, events: 0 },
    'tenants/suspend': { calls: 4, write: 2, read: 19, kms: 1, processor: 0, behind: 2, events: 1 },
    'tenants/resume': { calls: 2, write: 2, read: 18, kms: 0, processor: 0, behind: 2, events: 1 },
    'tenants/close': { calls: 4, write: 2, read: 19, kms: 1, processor: 0, behind: 2, events: 1 },
    'tenants/get_business': { calls: 1, write: 1, read: 18, kms: 0, processor: 0, behind: 0, events: 0 },
    'tenants/propose_verification': { calls: 2, write: 8, read: 18, kms: 0, processor: 0, behind: 2, events: 1 },
    'tenants/confirm_verification': { calls: 2, write: 40, read: 18, kms: 0, processor: 0, behind: 2, events: 1 },
    'business/get': { calls: 1, write: 1, read: 18, kms: 0, processor: 0, behind: 0, events: 0 },
    'business/update': { calls: 7, write: 7, read: 20, kms: 2, processor: 0, behind: 2, events: 1 },
    'business/submit': { calls: 2, write: 6, read: 18, kms: 0, processor: 0, behind: 2, events: 1 },
    'tenants/update': { calls: 2, write: 2, read: 1, kms: 0, processor: 0, behind: 2, events: 1 },
  },
  fields: {
    'CreateKey.kind':
      '"secret": for servers. "publishable": for payers’ browsers, and no secret: with a payment’s own "client_secret" it may read and confirm that payment, and nothing else.',
    'Key.kind': 'Whether it is a secret.',
    'CreateKey.name': 'How people tell it from other keys: a label, which must name nobody.',
    'CreateKey.scopes': 'Each of them must be held by the calling key.',
    'CreateKey.mode': 'Absent: the calling key’s own, the only one that it makes; where an operator calls, test.',
    'CreateKey.allowed_addresses': 'IPv4 or IPv6 addresses or CIDR blocks. Absent: any address.',
    'CreateKey.expires_at': 'Absent: it does not expire.',
    'CreateTenant.name': 'What the business is called: a label, kept in the clear.',
    'CreateTenant.zone': 'Must be the zone of this address, and never changes.',
    'CreateTenant.metadata': 'Up to 50 values of your own.',
    'UpdateTenant.metadata': 'Replaces all values.',
    'Key.last_used_at': 'Exact to the hour.',
    'Key.rotated_from': 'The key that it succeeds.',
    'Key.created_by': 'The key, or the operator, whose credential made it.',
    'ListKeysQuery.limit': 'Items a page.',
    'ListKeysQuery.cursor': '"next_cursor" of the page before.',
    'ListKeysQuery.created_by': 'A key: only those that it made.',
    'RevokeKeyQuery.descendants': 'Whether every key that it made, its successors, and theirs, are revoked with it.',
    'RevokedKey.descendants': 'Null: they were not to be revoked.',
    'RevokedKey.descendants.revoked': 'Those that this request revoked.',
    'RevokedKey.descendants.has_more': 'There may be more: repeat the request.',
    'CreatedKey.secret': 'Shown once: null when the request is repeated.',
    'CreatedTenant.secret_key': 'Shown once: null when the request is repeated.',
    'Tenant.capabilities': 'What its live mode may do. It follows from "verification", "suspension" and "closed_at".',
    'Tenant.suspension': 'Null: it is not suspended.',
    'Tenant.closed_at': 'Null: it is open.',
    'Suspension.refunds': 'Whether live refunds and voids go on.',
    'SuspendTenant.refunds': 'Whether live refunds and voids go on.',
    'Business.requirements': 'JSON pointers of what its verification still needs.',
    'Business.submission': 'A digest of exactly what was submitted: whoever decides names it. Null: nothing is.',
    'Business.rejection': 'Why the last submission was rejected. Null: it was not.',
    'BusinessProfile.people':
      'A company needs an owner and a director, a nonprofit a director, a sole proprietor an owner.',
    'ReviewedBusiness.proposal': 'The last proposed decision about this submission.',
    'ProposeVerification.reason': 'Needed to reject, and only then.',
    'CreatedTenant.key': 'The id of its first key, of test mode, which holds every scope.',
  },
} as const satisfies Descriptions<typeof operations>;

export const errorTexts = {
  scope_not_held: {
    happens: 'A key was to be made, or rotated, with a scope that the calling key lacks itself.',
    remedy: 'Ask for fewer scopes, or call with a key that holds them all.',
  },
  tenant_not_found: notFound('tenant', 'lives in this zone'),
  key_not_found: notFound('key', 'the caller may see'),
  key_not_active: {
    happens: 'The key to be rotated is revoked, has expired, or was rotated before.',
    remedy: 'Rotate its successor, or make a new key.',
  },
  key_makes_no_more: {
    happens: 'The calling key has made 100 keys, by creating or rotating; revoked ones count too.',
    remedy: 'Call with another key, or rotate the calling key with itself: its successor makes 100 more.',
  },
  key_of_other_mode: {
    happens: 'A key of test mode was to make one of live mode, or the reverse.',
    remedy: 'Call with a key of that mode. An operator makes a tenant’s first live key.',
  },
  charges_disabled: {
    happens:
      'A live charge, capture or key was asked for while the tenant may take none: its business is not verified, an operator suspended it, or it is closed.',
    remedy: 'GET /v1/business shows which of them it is, and what is due.',
  },
  refunds_disabled: {
    happens: 'A live refund, void or cancellation was asked for while the tenant may make none.',
    remedy: 'GET /v1/business shows why. A suspension that keeps refunds does not stop them.',
  },
  tenant_closed: {
    happens: 'An operator closed the tenant, for good.',
    remedy: 'Make another tenant.',
  },
  business_locked: {
    happens: 'The business is under review or verified, so what was decided about stays as it is.',
    remedy: 'Wait for the decision; after a rejection it can be changed.',
  },
  requirements_due: {
    happens: 'The business was submitted before everything that its verification needs was there.',
    remedy: 'Send what "errors" points to with PUT /v1/business, then submit again.',
  },
  not_under_review: {
    happens: 'The business is not under review, or the decision to be confirmed is not the one that was proposed.',
    remedy: 'Read the business: "proposal" says what was proposed.',
  },
  submission_changed: {
    happens: 'The decision names a submission that is not under review any more.',
    remedy: 'Read the business again, and decide about what it shows.',
  },
  second_operator_needed: {
    happens: 'The operator who proposed a decision tried to confirm it.',
    remedy: 'Let another operator confirm it.',
  },
} as const satisfies ErrorTexts<typeof errors>;

/** Before every request. A key's last use is noted once an hour; until its tenant's own limits work, the tenant is read. */
export const authorizerCosts = {
  usual: { calls: 1, write: 0, read: 1, kms: 0 },
  firstOfTheHour: { calls: 2, write: 1, read: 1, kms: 0 },
  newTenant: { calls: 2, write: 0, read: 2, kms: 0 },
} as const satisfies Readonly<Record<string, Pick<Cost, 'calls' | 'write' | 'read' | 'kms'>>>;
