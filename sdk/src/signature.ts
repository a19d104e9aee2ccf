// The signatures that a delivery bears, in two schemes under one secret, and whether one of them is right. Web Crypto
// alone. What is compared is compared whole, in constant time; a header that comes twice counts as absent.

const secretForm = /^whsec_[A-Za-z0-9+/]{43}=$/;
/** Two secrets sign while one replaces the other; more than these are not looked at. */
const signaturesLookedAt = 10;

/** What Headers, Node's `request.headers` and plain objects have in common with each other. */
export type WebhookHeaders =
  | { get(name: string): string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

/** What the headers of one scheme say was signed, and when. */
export interface Claim {
  readonly scheme: 'standard' | 'timed';
  readonly timestampSeconds: number;
  /** What stands before the body in the signed text. */
  readonly signedPrefix: string;
  readonly signatures: readonly string[];
}

/** Standard Webhooks, and the scheme of Stripe's libraries: how each makes a key of the secret, and text of a digest. */
const schemes = {
  standard: {
    keyOf: (secret: string) => Uint8Array.from(atob(secret.slice('whsec_'.length)), (char) => char.charCodeAt(0)),
    textOf: (digest: Uint8Array) => btoa(String.fromCharCode(...digest)),
  },
  timed: {
    keyOf: (secret: string) => new TextEncoder().encode(secret),
    textOf: (digest: Uint8Array) => Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join(''),
  },
} as const;

export const isWebhookSecret = (secret: unknown): secret is string =>
  typeof secret === 'string' && secretForm.test(secret);

/** Empty: the headers of neither scheme are there whole. */
export const claimsOf = (headers: WebhookHeaders): readonly Claim[] =>
  [standardClaim(headers), timedClaim(headers)].filter((claim) => claim !== null);

function standardClaim(headers: WebhookHeaders): Claim | null {
  const id = onlyValue(headers, 'webhook-id');
  const timestampSeconds = secondsOf(onlyValue(headers, 'webhook-timestamp'));
  const signed = onlyValue(headers, 'webhook-signature');
  // With a dot in the id, one signed text could be read as several ids, times and bodies.
  if (id === null || id.includes('.') || timestampSeconds === null || signed === null) return null;
  const signatures = v1(signed.split(' '), 'v1,');
  return { scheme: 'standard', timestampSeconds, signedPrefix: `${id}.${timestampSeconds}.`, signatures };
}

function timedClaim(headers: WebhookHeaders): Claim | null {
  const items = onlyValue(headers, 'strongroom-signature')?.split(',') ?? [];
  const timestampSeconds = secondsOf(items.find((item) => item.startsWith('t='))?.slice(2) ?? null);
  if (timestampSeconds === null) return null;
  return { scheme: 'timed', timestampSeconds, signedPrefix: `${timestampSeconds}.`, signatures: v1(items, 'v1=') };
}

/** Whether one of the claim's signatures is the body's under one of the secrets. */
export async function isAuthentic(claim: Claim, body: Uint8Array, secrets: readonly string[]): Promise<boolean> {
  const { keyOf, textOf } = schemes[claim.scheme];
  const prefix = new TextEncoder().encode(claim.signedPrefix);
  const signed = new Uint8Array(prefix.length + body.length);
  signed.set(prefix);
  signed.set(body, prefix.length);
  let authentic = false;
  for (const secret of secrets) {
    const algorithm = { name: 'HMAC', hash: 'SHA-256' };
    const key = await crypto.subtle.importKey('raw', keyOf(secret), algorithm, false, ['sign']);
    const expected = textOf(new Uint8Array(await crypto.subtle.sign('HMAC', key, signed)));
    for (const signature of claim.signatures) authentic = equal(signature, expected) || authentic;
  }
  return authentic;
}

/** Takes as long for any two texts of one length; the length of a signature is no secret. */
function equal(one: string, other: string): boolean {
  let difference = one.length ^ other.length;
  for (let at = 0; at < other.length; at += 1) difference |= one.charCodeAt(at) ^ other.charCodeAt(at);
  return difference === 0;
}

const v1 = (items: readonly string[], mark: string): string[] =>
  items
    .filter((item) => item.startsWith(mark))
    .slice(0, signaturesLookedAt)
    .map((item) => item.slice(mark.length));

/** Only as we write it: digits, no sign, no zero before. */
const secondsOf = (text: string | null): number | null =>
  text !== null && /^[1-9]\d{0,11}$/.test(text) ? Number(text) : null;

function onlyValue(headers: WebhookHeaders, name: string): string | null {
  if ('get' in headers && typeof headers.get === 'function') return headers.get(name);
  const values = Object.entries(headers)
    .filter(([key]) => key.toLowerCase() === name)
    .flatMap(([, value]) => value ?? []);
  return values.length === 1 ? (values[0] ?? null) : null;
}
