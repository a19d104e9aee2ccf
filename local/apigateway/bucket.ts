// A token bucket, as API Gateway throttles with one (developer guide, "Throttle requests to your REST APIs"): `burst` tokens
// at most, `rate` more each second, one per request. A clock that goes back never lets more through.

export interface Throttle {
  /** Requests a second. */
  readonly rate: number;
  /** Requests at once. */
  readonly burst: number;
}

export interface Bucket {
  /** Whether the request may pass; a request that may not takes no token. */
  take(): boolean;
}

/** `clock` returns milliseconds. */
export const createBucket = ({ rate, burst }: Throttle, clock: () => number): Bucket => {
  // Counted in thousandths, so that whole numbers stay whole.
  const full = burst * 1000;
  let tokens = full;
  let at = clock();
  return {
    take() {
      const now = clock();
      tokens = Math.min(full, tokens + Math.max(0, now - at) * rate);
      at = Math.max(at, now);
      if (tokens < 1000) return false;
      tokens -= 1000;
      return true;
    },
  };
};
