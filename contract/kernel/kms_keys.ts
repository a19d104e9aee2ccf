// KMS keys and platform secrets of a zone: what each one wraps and who rotates it.

export interface KmsKey {
  readonly wraps: string;
  readonly rotationDays: number;
  /**
   * Within these days of a rotation every data key is wrapped under the new material (docs/decisions/0020). Null: what it
   * wraps lies with services of AWS, which re-wrap nothing and open what is old for good.
   */
  readonly rewrapDays: number | null;
}

/** How long a key that is to be deleted can still be saved: the longest that KMS has where data is locked, else the shortest. */
export const keyDeletionDays = { locked: 30, disposable: 7 } as const;

/** Per zone, multi-region inside the zone, customer-managed, rotating. */
export const kmsKeys = {
  data: { wraps: 'tables, queues, buckets and logs at rest', rotationDays: 365, rewrapDays: null },
  tenant: { wraps: 'the data keys that seal tenants’ records', rotationDays: 365, rewrapDays: 30 },
  pii: { wraps: 'the data keys that wrap the keys of data subjects', rotationDays: 365, rewrapDays: 30 },
  secrets: {
    wraps: 'platform secrets; the data keys that seal webhook secrets, provider and data-source credentials',
    rotationDays: 365,
    rewrapDays: 30,
  },
} as const satisfies Record<string, KmsKey>;

export type KmsKeyName = keyof typeof kmsKeys;

/** Those that wrap data keys, each for a purpose of its own. */
export const wrappingKeys = ['tenant', 'pii', 'secrets'] as const satisfies readonly KmsKeyName[];
export type WrappingKey = (typeof wrappingKeys)[number];

export interface PlatformSecret<Table extends string = string> {
  readonly purpose: string;
  /** A version is added, and becomes the current one, at least this often. */
  readonly rotationDays: number;
  /**
   * The attribute whose values begin with the version that they were made under: a version is retired once none does.
   * Null: what names versions stays for good, or too much to look through, so no version is ever retired.
   */
  readonly namedBy: { readonly table: Table; readonly attribute: string } | null;
}

/** Kept in Secrets Manager as `{"current": "<version>", "<version>": "<random>"}` (docs/decisions/0019). */
export const platformSecrets = {
  peppers: {
    purpose: 'HMAC keys under which API-key secrets are stored',
    rotationDays: 90,
    namedBy: { table: 'tenants', attribute: 'secret_hmac' },
  },
  digests: {
    purpose: 'HMAC keys of request-body digests',
    rotationDays: 90,
    // Every object that a request made names one, for as long as a repeat of that request must be told from another.
    namedBy: null,
  },
} as const satisfies Record<string, PlatformSecret>;

export type PlatformSecretName = keyof typeof platformSecrets;
