// Bounds of customers and their saved payment methods, each named with its unit last. A loop, payload, page or retry without a bound is a defect.

/** Customers: data subjects and their saved payment methods (docs/decisions/0021). */
export const customerLimits = {
  nameChars: 200,
  /** RFC 5321, 4.5.3.1: a path of 256 octets, less its brackets. */
  emailChars: 254,
  addressFieldChars: 200,
  postalCodeChars: 20,
  brandChars: 32,
  /** Saved at the same time; removed ones do not count. */
  paymentMethods: 20,
  /** Subjects whose rows and keys one call reads: two rows each (`awsLimits.batchGetItems`). */
  subjectsPerCall: 50,
} as const;
