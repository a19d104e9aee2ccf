// KMS keys and platform secrets of a zone: what each one wraps and who rotates it.

export interface KmsKey {
  readonly wraps: string;
  readonly rotationDays: number;
}

/** Per zone, multi-region inside the zone, customer-managed, rotating. */
export const kmsKeys = {
  data: { wraps: 'tables, queues, buckets and logs at rest', rotationDays: 365 },
  tenant: { wraps: 'the data keys that seal tenants’ records', rotationDays: 365 },
  secrets: { wraps: 'platform secrets; provider and data-source credentials', rotationDays: 365 },
} as const satisfies Record<string, KmsKey>;

export type KmsKeyName = keyof typeof kmsKeys;

/**
 * Platform secrets, kept in Secrets Manager as `{"current": "<version>", "<version>": "<random>"}`.
 * Versions are added, and retired when nothing stored refers to them any more.
 */
export const platformSecrets = {
  peppers: { purpose: 'HMAC keys under which API-key secrets are stored' },
  digests: { purpose: 'HMAC keys of request-body digests' },
} as const;

export type PlatformSecretName = keyof typeof platformSecrets;
