// Bounds of what every capability uses, each named with its unit last. A loop, payload, page or retry without a bound is a defect.

/** Lists with filters. */
export const searchLimits = {
  /** A page examines this many at most: one tenant's search costs no more than five whole pages. */
  examinedPerPage: 500,
  readAtOnce: 100,
} as const;

/** What a caller may send (docs: the API's limits page; RFC 9110 for header and body handling). */
export const requestLimits = {
  bodyBytes: 256 * 1024,
  idempotencyKeyChars: 255,
  /** ISO 4217 minor units. Twelve digits keep every sum of a payment's parts far below 2^53. */
  amountMinor: 999_999_999_999,
  metadataEntries: 50,
  metadataKeyChars: 40,
  metadataValueChars: 500,
  descriptionChars: 500,
  referenceChars: 200,
  returnUrlChars: 2_048,
  reasonChars: 200,
  nameChars: 100,
  allowedAddresses: 50,
  pageDefaultItems: 25,
  pageItems: 100,
  /** A page of large items ends early: of Lambda's answer, whose own bound is 6 MB (Lambda quotas, read 2026-11). */
  pageBytes: 4_000_000,
  cursorChars: 512,
  jsonDepth: 16,
  errorsShown: 20,
  /** How often encoded text is read on in search of account numbers: more than anybody writes by accident. */
  percentDecodings: 3,
} as const;

/** Of a zone's whole API: the first limit against floods that is not one caller's. */
export const apiThrottle = { requestsPerSecond: 5_000, burstRequests: 5_000 } as const;

/** SQS (quotas, Amazon SQS developer guide, read 2026-11). */
export const queueLimits = {
  messagesPerCall: 10,
  delayMaxSeconds: 900,
} as const;

/** Daily copies of tables, and how they are tried out (docs/decisions/0038). */
export const backupLimits = {
  /** As long as point-in-time recovery reaches back. Not less, by the vault's lock, and not more: what is erased ends somewhere. */
  keepDays: 35,
  /** From then on nobody can take the lock off, not even AWS (AWS Backup, "Vault Lock", read 2026-12-01: 3 at least). */
  lockGraceDays: 7,
  startHourUtc: 5,
  startWithinMinutes: 60,
  doneWithinMinutes: 480,
  /** Months of a year in which every table is restored as a test, in their first week. */
  restoreTestMonths: [1, 4, 7, 10],
  restoreTestWindowDays: 7,
  /** How long a table that was restored as a test stays, for those who want to look. */
  restoreTestStaysHours: 4,
  /** What came of each backup, copy and restore. */
  recordDays: 3_653,
} as const;

/** What a function keeps in memory, and for how long. */
export const cacheLimits = {
  secretMs: 300_000,
  /** A version that was looked for and not found is looked for again after this time. */
  secretRecheckMs: 5_000,
  /** Different versions that are looked for within that time: whoever makes versions up costs so many calls. */
  secretRechecks: 4,
  dataKeys: 1_000,
  dataKeyMs: 300_000,
  dataKeyUses: 100_000,
  /** What was made longer ago is not stored any more: a process may have been frozen, and its key's wrapping be old by now. */
  dataKeyKeepMs: 60_000,
  /** Endpoints with how they do: a change of one holds for every delivery after this time. */
  receivers: 1_000,
  receiverMs: 1_000,
  /** Connections: one that was deleted is gone after this time. */
  connections: 1_000,
  connectionMs: 1_000,
  /** How connections do: what others found out is known after this time. */
  connectionHealth: 1_000,
  connectionHealthMs: 60_000,
  /** Processors behind connections, with their opened credentials. */
  processors: 1_000,
  processorMs: 300_000,
} as const;

/** Optimistic retries of a change against racing changes of the same rows. */
export const commitLimits = {
  tries: 25,
  /** The pause before the next try: up to so long, and as much more with each try until the last step. */
  backoffMs: 25,
  backoffSteps: 9,
  /** No try begins later than this after the first: functions that change things have 10 s, and API Gateway answers within 29. */
  lastTryMs: 6_000,
} as const;

/** Of commands that an engineer runs: each call to AWS may end without an answer, and is then said to be unknown. */
export const engineerLimits = {
  awsCallMs: 5_000,
  /** Finding credentials, a profile's single sign-on included. */
  credentialsMs: 15_000,
  /** Of a list that AWS gives in pages; what is behind the last is said to be unknown. */
  pages: 25,
  /** For so long CloudFormation watches a change: twice the slowest of the alarms that take it back. */
  rollbackWatchMinutes: 10,
} as const;

/** Calls to AWS: a deadline and a bound for each (an answer that never came is "unknown", see store/commit.ts). */
export const awsLimits = {
  connectMs: 1_000,
  requestMs: 3_000,
  attempts: 3,
  /** Of a batch of which DynamoDB put a part off. */
  unprocessedTries: 5,
  unprocessedBackoffMs: 50,
  unprocessedBackoffMaxMs: 3_200,
  /** API reference, BatchExecuteStatement (read 2026-12). */
  insertStatements: 25,
  batchGetItems: 100,
} as const;
