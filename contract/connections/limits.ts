// Bounds of connections to payment processors, each named with its unit last. A loop, payload, page or retry without a bound is a defect.

/** Connections to payment processors. */
export const connectionLimits = {
  /** Of one tenant in one mode. Two that are made at the same moment may pass it by one. */
  connections: 16,
  credentialChars: 1_000,
  /** Currencies for which payments have connections of their own. */
  defaultCurrencies: 30,
  /** Connections that take a currency's payments, one after the other. */
  defaultsPerCurrency: 3,
  /** What the replaced secret signed is accepted for so long: Stripe lets both of a rolled secret sign for up to 24 h. */
  credentialOverlapMs: 24 * 3_600_000,
  /** A connection that recovered is failing again no sooner after it was: answers that alternate are not an event each. */
  failingAgainMs: 60_000,
  /** Replacements that a connection holds at a time; those that nothing needs any more make room. */
  replacements: 8,
  /**
   * How long the credentials of a deleted one stay for the payments that it took: longer than a card's authorization
   * lasts (28 days at Adyen: adyen.help, "separate authorisation and capture"; read 2026-11).
   */
  credentialRetentionDays: 30,
} as const;
