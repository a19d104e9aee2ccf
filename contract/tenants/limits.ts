// Bounds of tenants, API keys and operators, each named with its unit last. A loop, payload, page or retry without a bound is a defect.

/** Credentials. */
export const keyLimits = {
  rotationOverlapMs: 24 * 3_600_000,
  /** `last_used_at` is exact to this much: at most one write per key and hour. */
  lastUsedResolutionMs: 3_600_000,
  /** How long a request waits for that write, which is worth no more. */
  touchMs: 300,
  /** Keys that one key may make: its row names them all, and is read with every request. */
  keysMade: 100,
  /** Descendants that one request revokes; the next one goes on. */
  descendantsRevoked: 100,
  /** Descendants that one request reads, those included that were revoked already. */
  descendantsRead: 10_000,
  /** No descendant's revocation begins later than this: functions that change things have 10 s. */
  descendantsMs: 4_000,
} as const;

/** A tenant's business. */
export const businessLimits = {
  fieldChars: 200,
  registrationNumberChars: 50,
  websiteChars: 500,
  people: 20,
  submissionChars: 100,
} as const;

/** Tenants, for operators. */
export const tenantLimits = {
  /** Copies of what a tenant's live mode may do. DynamoDB refuses transactions that meet at one item, so each asks for one of these. */
  capabilityCopies: 16,
} as const;
