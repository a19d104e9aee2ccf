// Requests with deadlines. What the tour sends is what any merchant would.

export interface Sent {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** Who asks, for the reader, and the secret, which is never printed. */
  readonly as: { readonly name: string; readonly secret: string };
  readonly body?: unknown;
  /** What is printed in the body's place, where that holds a secret. */
  readonly shown?: unknown;
  readonly key?: string;
  /** Sent to this region, and not to the address that leads to one of them. */
  readonly region?: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

export interface Client {
  /** A merchant's request to the API at `base`. */
  send(base: string, sent: Sent): Promise<Reply>;
  /** A request to what only this machine has: the ledger, the control endpoint. */
  fetchLocal(url: string, method?: 'GET' | 'POST'): Promise<Record<string, unknown>>;
  pause(ms: number): Promise<void>;
}

/** Above the 15 s within which a money-moving function answers, whatever its processor does. */
const deadlineMs = 20_000;

const objectOf = (text: string): Record<string, unknown> => {
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null ? { ...value } : {};
};

export const client = (end: AbortSignal): Client => {
  const signal = () => AbortSignal.any([end, AbortSignal.timeout(deadlineMs)]);
  return {
    async send(base, { method, path, as, body, key }) {
      const response = await fetch(base + path, {
        method,
        headers: {
          Authorization: `Bearer ${as.secret}`,
          ...(body !== undefined && { 'Content-Type': 'application/json' }),
          ...(key !== undefined && { 'Idempotency-Key': key }),
        },
        body: body === undefined ? null : JSON.stringify(body),
        signal: signal(),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, text, json: objectOf(text) };
    },
    async fetchLocal(url, method = 'GET') {
      const response = await fetch(url, { method, signal: signal() });
      return objectOf(await response.text());
    },
    async pause(ms) {
      end.throwIfAborted();
      await new Promise((resolve) => setTimeout(resolve, ms));
    },
  };
};
