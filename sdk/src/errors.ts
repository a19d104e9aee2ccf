// What the client throws. Errors hold codes and the texts of the service's catalogue; never a key, a body or a header.

import type { ErrorCode, LastError, Problem } from './generated.ts';

/** What is known of a call beside the service's own words. */
export interface CallFacts {
  /** HTTP status; null where no answer failed. */
  readonly status: number | null;
  readonly requestId: string | null;
  /** What the call was sent under, given or made: a repeat under it is safe. */
  readonly idempotencyKey: string | null;
  readonly retryAfterSeconds: number | null;
}

/** A service that asks for a longer wait than this gets no repeat from us: the caller decides. */
export const retryAfterMaxSeconds = 60;

/** A problem (RFC 9457), or what stands for one. */
export type ProblemFields = Omit<Partial<Problem>, 'code'> & { readonly code: string };

const noFacts: CallFacts = { status: null, requestId: null, idempotencyKey: null, retryAfterSeconds: null };

/**
 * The service refused or failed. Tell errors apart by `code`. `answer_malformed`: what answered is not the service
 * (a proxy, a redirect).
 */
export class StrongroomError extends Error implements CallFacts {
  override readonly name: string = 'StrongroomError';
  readonly code: ErrorCode | (string & {});
  /** The issuer's reason for a decline, from `unlessFailed`; null anywhere else. */
  readonly declineCode: string | null;
  /** What is wrong with the request, place by place. */
  readonly errors: NonNullable<Problem['errors']>;
  /** `wrong_zone`: where the other zone answers. Nothing was sent there. */
  readonly baseUrl: string | null;
  /** `scope_missing`: what the key would have to hold. */
  readonly requiredScopes: readonly string[];
  readonly status: number | null;
  readonly requestId: string | null;
  readonly idempotencyKey: string | null;
  readonly retryAfterSeconds: number | null;

  constructor(problem: ProblemFields, facts: CallFacts = noFacts, declineCode: string | null = null) {
    super(([problem.title, problem.detail].filter(Boolean).join(': ') || problem.code) + longWait(facts));
    this.code = problem.code;
    this.declineCode = declineCode;
    this.errors = problem.errors ?? [];
    this.baseUrl = problem.base_url ?? null;
    this.requiredScopes = problem.required_scopes ?? [];
    this.status = facts.status;
    this.requestId = problem.request_id ?? facts.requestId;
    this.idempotencyKey = facts.idempotencyKey;
    this.retryAfterSeconds = facts.retryAfterSeconds;
  }
}

const longWait = ({ retryAfterSeconds }: CallFacts): string =>
  retryAfterSeconds === null || retryAfterSeconds <= retryAfterMaxSeconds
    ? ''
    : ` Not repeated: the service asks for a wait of ${retryAfterSeconds} s, and ${retryAfterMaxSeconds} s is the longest.`;

export type ConnectionCode = 'no_answer' | 'timed_out' | 'answer_malformed';

/** No whole answer came: whether the request was carried out is not known. Repeat it under the same `idempotencyKey`. */
export class ConnectionError extends Error {
  override readonly name: string = 'ConnectionError';
  readonly code: ConnectionCode;
  readonly idempotencyKey: string | null;

  constructor(code: ConnectionCode, idempotencyKey: string | null, reason: string | null = null) {
    super(`${connectionTexts[code]}${reason === null ? '' : ` (${reason})`}`);
    this.code = code;
    this.idempotencyKey = idempotencyKey;
  }
}

const connectionTexts: Readonly<Record<ConnectionCode, string>> = {
  no_answer: 'No whole answer came',
  timed_out: 'No whole answer came in time',
  answer_malformed: 'The answer is not what the service would say',
};

export type WebhookErrorCode =
  | 'secret_malformed'
  | 'signature_missing'
  | 'signature_mismatch'
  | 'timestamp_out_of_tolerance'
  | 'body_not_raw'
  | 'body_malformed';

/** A delivery that must not be trusted. */
export class WebhookVerificationError extends Error {
  override readonly name: string = 'WebhookVerificationError';
  readonly code: WebhookErrorCode;

  constructor(code: WebhookErrorCode) {
    super(webhookTexts[code]);
    this.code = code;
  }
}

const webhookTexts: Readonly<Record<WebhookErrorCode, string>> = {
  secret_malformed: 'Expected the secret of a webhook endpoint: whsec_…',
  body_not_raw: 'Expected the raw body, as text or bytes: verify before anything parses it',
  signature_missing: 'The headers of neither scheme are there, each once',
  signature_mismatch:
    'No signature is of this body under this secret: the body must be the one that came, byte for byte',
  timestamp_out_of_tolerance: 'Signed too long ago, or in the future: a replay, or a clock that is wrong',
  body_malformed: 'The signature is right, but the body is not an event',
};

interface MayFail {
  readonly status: string;
  readonly last_error: LastError | null;
}

/**
 * A decline is an answer, not an error: the object is there, with the status `failed`. This throws it as a
 * StrongroomError for callers who prefer to catch it, and returns what has not failed (`processing` included).
 */
export function unlessFailed<T extends MayFail>(object: T): T {
  if (object.status !== 'failed') return object;
  const { code, message, decline_code } = object.last_error ?? { code: 'failed', message: '', decline_code: null };
  throw new StrongroomError({ code, detail: message }, undefined, decline_code);
}
