// Bounds of the audit trail, each named with its unit last. A loop, payload, page or retry without a bound is a defect.

/** The audit trail. */
export const auditLimits = {
  /** Entries that one page of a filtered search examines; beyond them the page ends early, with a cursor. */
  examinedPerPage: 1_000,
  readAtOnce: 100,
  filterChars: 100,
} as const;
