// What the generated methods and the client agree on: what a method asks for, and what it gives back. Types only: it imports
// nothing, so every other file may import it.

/** One request of an operation, as the generated methods describe it. */
export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, unknown>> | undefined;
  readonly body?: unknown;
  /** It creates something, and so needs an Idempotency-Key. */
  readonly keyed?: boolean;
  /** The `object` of its reply. */
  readonly replies?: string;
}

export interface CallOptions {
  /** Ends the call: its reason is thrown. Whether the request was carried out is then not known. */
  readonly signal?: AbortSignal;
  /** For each attempt. */
  readonly timeoutMs?: number;
  /** At most, the first included: 1 to 10. */
  readonly attempts?: number;
}

export interface KeyedOptions extends CallOptions {
  /** Of the intention: the same for every repeat of it. Made when absent. */
  readonly idempotencyKey?: string;
}

export interface Page<Item> {
  readonly object: 'list';
  readonly data: readonly Item[];
  readonly has_more: boolean;
  readonly next_cursor: string | null;
}

/** `for await (const item of listing)` walks all items from the query's cursor on, newest first. */
export interface Listing<Item> extends AsyncIterable<Item> {
  /** The one page that the query names. */
  page(): Promise<Page<Item>>;
  /** All pages from there on. */
  pages(): AsyncIterable<Page<Item>>;
}

export interface Calls {
  /** The reply, of which only the kind is checked: its fields are the service's word. */
  ask<Reply>(request: ApiRequest, options?: KeyedOptions): Promise<Reply>;
  list<Item>(request: ApiRequest, options?: CallOptions): Listing<Item>;
}
