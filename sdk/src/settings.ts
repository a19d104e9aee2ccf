// What a client is made with, checked once. A key leaves for an https address only, or for this very machine.

export interface StrongroomSettings {
  /** sk_test_…, sk_live_…, or an operator's ok_…. */
  readonly key: string;
  /** Where the key's zone answers, with or without /v1. Needed without a `domain`. */
  readonly baseUrl?: string;
  /** The domain of the deployment: the key's own zone makes https://api.<zone>.<domain> of it. */
  readonly domain?: string;
  /** Attempts of one call at most, the first included: 1 to 10, 4 by default. */
  readonly attempts?: number;
  /** For each attempt; 20 s by default, more than the service takes for anything that moves money. */
  readonly timeoutMs?: number;
  /** What each request names as its sender, such as your shop's name and version. `strongroom-sdk/<version>` by default. */
  readonly userAgent?: string;
  /** For tests, and for places that have their own. Its `this` is `globalThis`, so `globalThis.fetch` works. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  readonly now?: () => number;
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly random?: () => number;
  readonly uuid?: () => string;
}

export interface Settings extends Required<Omit<StrongroomSettings, 'key' | 'domain'>> {
  /** A function, so that nothing that prints objects prints it. */
  readonly key: () => string;
}

/**
 * The service's firewall refuses requests without one, and Cloudflare Workers send none of their own. test/sdk holds it
 * against package.json.
 */
const userAgent = 'strongroom-sdk/0.1.0';

/** Throws a TypeError that names what is wrong, never the key. */
export function settingsOf({ key, baseUrl, domain, fetch: givenFetch, ...given }: StrongroomSettings): Settings {
  // What a header cannot hold would be named, whole, by what fetch throws.
  if (typeof key !== 'string' || !/^\w{1,200}$/.test(key)) throw new TypeError('"key" is not a key of Strongroom');
  return {
    key: () => key,
    baseUrl: plainBase(baseUrl ?? zoneBase(key, domain)),
    attempts: boundedAttempts(given.attempts ?? 4),
    timeoutMs: given.timeoutMs ?? 20_000,
    userAgent: headerValue(given.userAgent ?? userAgent),
    // Never a method of these settings: the fetch of Workers and browsers throws where `this` is not theirs.
    fetch: (url, init) => (givenFetch ?? fetch).call(globalThis, url, init),
    now: given.now ?? Date.now,
    sleep: given.sleep ?? sleep,
    random: given.random ?? Math.random,
    uuid: given.uuid ?? (() => crypto.randomUUID()),
  };
}

export function boundedAttempts(attempts: number): number {
  if (Number.isInteger(attempts) && attempts >= 1 && attempts <= 10) return attempts;
  throw new TypeError('"attempts" is not a whole number from 1 to 10');
}

/** Neither empty, which the firewall takes for none, nor what a header cannot hold (RFC 9110, section 5.5). */
function headerValue(text: string): string {
  if (typeof text === 'string' && /^[!-~](?:[ -~]{0,198}[!-~])?$/.test(text)) return text;
  throw new TypeError('"userAgent" is not 1 to 200 printable ASCII characters');
}

function zoneBase(key: string, domain: string | undefined): string {
  const zone = /^(?:sk_(?:test|live)|ok)_([a-z]+)_/.exec(key)?.[1];
  if (domain === undefined) throw new TypeError('Either "baseUrl" or "domain" is needed');
  if (zone === undefined) throw new TypeError('"key" names no zone: give "baseUrl" instead of "domain"');
  if (!/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/.test(domain)) throw new TypeError('"domain" is not a domain');
  return `https://api.${zone}.${domain}`;
}

const loopback: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** Without the /v1 that every path has. */
function plainBase(text: string): string {
  const url = new URL(text);
  const safe = url.protocol === 'https:' || (url.protocol === 'http:' && loopback.includes(url.hostname));
  if (!safe || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new TypeError('"baseUrl" is not a plain https address');
  }
  return (url.origin + url.pathname).replace(/\/+$/, '').replace(/\/v1$/, '');
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', cancel);
      resolve();
    }, ms);
    if (signal?.aborted) cancel();
    else signal?.addEventListener('abort', cancel, { once: true });
  });
}
