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
        'For an operator: makes a key of test mode for a tenant that lost its last one. The tenant’s own trail shows it. "secret" is shown in this reply only.',
    },
    'tenants/get': { summary: 'Read a tenant', about: 'The tenant as it is now.' },
    'tenants/update': {
      summary: 'Change a tenant',
      about: 'Changes the name or the metadata. The zone never changes.',
    },
  },
  costs: {
    // The calling key's own row is written with the new one, so that a key revoked meanwhile makes none.
    'keys/create': { calls: 2, write: 8, read: 1, kms: 0, processor: 0, behind: 2, events: 1 },
    'keys/list': { calls: 2, write: 1, read: 2, kms: 0, processor: 0, behind: 0, events: 0 },
    'keys/rotate': { calls: 3, write: 12, read: 3, kms: 0, processor: 0, behind: 2, events: 1 },
    'keys/revoke': { calls: 2, write: 2, read: 1, kms: 0, processor: 0, behind: 2, events: 1 },
    'tenants/create': { calls: 4, write: 9, read: 1, kms: 1, processor: 0, behind: 2, events: 1 },
    'tenants/create_key': { calls: 2, write: 3, read: 1, kms: 0, processor: 0, behind: 2, events: 1 },
    'tenants/get': { calls: 1, write: 1, read: 1, kms: 0, processor: 0, behind: 0, events: 0 },
    'tenants/update': { calls: 2, write: 2, read: 1, kms: 0, processor: 0, behind: 2, events: 1 },
  },
  fields: {
    'CreateKey.kind':
      '"secret": for servers. "publishable": for payers’ browsers, and no secret: with a payment’s own "client_secret" it may read and confirm that payment, and nothing else.',
    'Key.kind': 'Whether it is a secret.',
    'CreateKey.name': 'How people tell it from other keys: a label, which must name nobody.',
    'CreateKey.scopes': 'Each of them must be held by the calling key.',
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
} as const satisfies ErrorTexts<typeof errors>;

/** Before every request. A key's last use is noted once an hour; until its tenant's own limits work, the tenant is read. */
export const authorizerCosts = {
  usual: { calls: 1, write: 0, read: 1, kms: 0 },
  firstOfTheHour: { calls: 2, write: 1, read: 1, kms: 0 },
  newTenant: { calls: 2, write: 0, read: 2, kms: 0 },
} as const satisfies Readonly<Record<string, Pick<Cost, 'calls' | 'write' | 'read' | 'kms'>>>;
