// The work of consumers for a tenant, or for a whole queue: how many messages are in flight, and how much of their time it used
// recently. AWS does not define "recently": here it is the present minute and the one before.

const windowMs = 60_000;

export class Work {
  /** Moments are counted from here, so that sums of them stay exact. */
  readonly #origin: number;
  inFlight = 0;
  /** Sum of the moments at which those in flight were received. */
  #since = 0;
  #window = 0;
  #present = 0;
  #before = 0;

  constructor(origin: number) {
    this.#origin = origin;
  }

  begin(at: number): void {
    this.inFlight += 1;
    this.#since += at - this.#origin;
  }

  end(since: number, at: number): void {
    this.inFlight -= 1;
    this.#since -= since - this.#origin;
    this.#roll(at);
    this.#present += at - since;
  }

  recentMs(now: number): number {
    this.#roll(now);
    return this.#before + this.#present + this.inFlight * (now - this.#origin) - this.#since;
  }

  #roll(now: number): void {
    const window = Math.floor(now / windowMs);
    if (window <= this.#window) return;
    this.#before = window === this.#window + 1 ? this.#present : 0;
    this.#present = 0;
    this.#window = window;
  }
}
