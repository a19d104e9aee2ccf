// Merchants' servers, and the way to them: slow, broken, silent, gone or down as the plan says. They write down what was
// sent to them, and judge nothing.

import type { DeliverPorts } from '../../lambdas/webhooks/delivery/ports.ts';
import type { Attempted, DeliveryRequest } from '../../lambdas/webhooks/http/attempt.ts';
import { challengeAnswer } from '../../test/kit/challenge.ts';
import type { Draw } from './draw.ts';
import { type CallKind, type Fault, faults, undisturbed, type Way } from './faults.ts';
import type { Merchant } from './merchants.ts';
import { arrivalMs, packetLifeMs } from './network.ts';
import { type Answer, answers, type WebhookPlan } from './plan_webhooks.ts';
import type { Process } from './process.ts';
import type { Timeline } from './timeline.ts';

/** Something that was sent, whether or not it came. */
export interface Hit {
  /** By position among the merchants. */
  readonly merchant: number;
  /** Of the call that sent it. */
  readonly address: string;
  /** Id of the event. */
  readonly event: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly sentAtMs: number;
  /** Until its sender heard, gave up or died. */
  untilMs: number;
  /** Whether it came and was answered with a success. */
  accepted: boolean;
  /** What a receiver answers to a challenge; undefined: it is none. */
  readonly challenge: string | undefined;
}

export interface ReceiverPorts {
  readonly plan: WebhookPlan;
  readonly merchants: readonly Merchant[];
  readonly startMs: number;
  readonly draw: Draw;
  readonly timeline: Timeline;
  readonly fault: (address: string, kind: CallKind) => Fault | null;
}

const illnesses = { accepted_slowly: 12, broken: 30, missing: 20, too_many: 15, gone: 1, silent: 22 };

interface Received {
  readonly attempted: Attempted;
  readonly afterMs: number;
}

export class SimulatedReceivers {
  readonly hits: Hit[] = [];
  /** Apart from hits: what asked whether an address wants them. */
  readonly challenges: Hit[] = [];
  readonly #ports: ReceiverPorts;
  /** Positions among the merchants. */
  readonly #byUrl: ReadonlyMap<string, number>;
  /** How often each event came to each merchant. */
  readonly #came = new Map<string, number>();

  constructor(ports: ReceiverPorts) {
    this.#ports = ports;
    this.#byUrl = new Map(ports.merchants.map(({ endpoint }, merchant) => [endpoint.url, merchant]));
  }

  /** As a process reaches them. */
  reachedFrom(process: Process): DeliverPorts['attempt'] {
    return (delivery) => process.reach((resolve) => this.#attempt(process, delivery, resolve));
  }

  #attempt(process: Process, delivery: DeliveryRequest, resolve: (attempted: Attempted) => void): void {
    const { draw, timeline, fault } = this.#ports;
    const { url, deadlineMs } = delivery;
    const merchant = this.#byUrl.get(url);
    if (merchant === undefined) throw new Error(`something is sent to ${url}, where nobody is`);
    const address = process.nextAddress();
    const met = fault(address, 'attempt');
    const way: Way = met === null ? undisturbed : faults[met];
    if (way.dies === 'at_once') {
      process.die();
      return;
    }
    const sentAtMs = timeline.now();
    const hit = this.#hit(delivery, merchant, address);
    const hear = this.#ending(process, hit, deadlineMs, resolve);
    const drawn = draw.fractions(address);
    const travelMs = 5 + drawn(0) * 40;
    if (way.arrives !== 'never') {
      timeline.after(arrivalMs(way, drawn(1), travelMs, deadlineMs), () => {
        if (timeline.now() > sentAtMs + packetLifeMs) return;
        const received = this.#receive(hit);
        if (way.dies === 'when_it_is_done') process.die();
        if (way.answer !== 'given' || received === null) return;
        process.after(received.afterMs + travelMs, () => hear(received.attempted));
      });
    }
    // A connection refused or reset: known at once, and no word on what became of the request.
    if (way.answer === 'error' || (way.answer === 'lost' && drawn(2) < 0.5)) {
      process.after(2 * travelMs, () => hear({ kind: 'failed', reason: 'reset', latencyMs: 0 }));
    }
  }

  /** Writes down what is sent at this moment. */
  #hit({ headers, body }: DeliveryRequest, merchant: number, address: string): Hit {
    const sentAtMs = this.#ports.timeline.now();
    const hit: Hit = {
      ...{ merchant, address, headers, sentAtMs, accepted: false, untilMs: Number.POSITIVE_INFINITY },
      event: headers['webhook-id'] ?? '',
      body: Buffer.from(body).toString(),
      challenge: challengeAnswer(body),
    };
    if (hit.challenge === undefined) this.hits.push(hit);
    else this.challenges.push(hit);
    return hit;
  }

  /** What its sender hears ends a hit; so do its death and its deadline. */
  #ending(process: Process, hit: Hit, deadlineMs: number, resolve: (attempted: Attempted) => void) {
    const { timeline } = this.#ports;
    const end = (): void => {
      hit.untilMs = Math.min(hit.untilMs, timeline.now());
    };
    const forget = process.onDeath(end);
    const hear = (attempted: Attempted): void => {
      inTime();
      forget();
      end();
      resolve({ ...attempted, latencyMs: timeline.now() - hit.sentAtMs });
    };
    const inTime = process.after(deadlineMs, () => hear({ kind: 'failed', reason: 'timeout', latencyMs: 0 }));
    return hear;
  }

  /** At the receiver. Null: it will not answer. */
  #receive(hit: Hit): Received | null {
    const { merchant, event, challenge } = hit;
    const times = (this.#came.get(`${merchant} ${event}`) ?? 0) + 1;
    this.#came.set(`${merchant} ${event}`, times);
    const answer = this.#answerTo(merchant, event, times, challenge !== undefined);
    const { status } = answers[answer];
    if (status === null) return null;
    if (status === 200) hit.accepted = true;
    const drawn = this.#ports.draw.fraction(`${merchant} ${event} ${times} takes`);
    const afterMs = answer === 'accepted_slowly' ? 1_000 + 8_500 * drawn : 10 + 200 * drawn;
    const retryAfterSeconds = answer === 'too_many' ? Math.round(5 + 300 * drawn) : null;
    return { attempted: { kind: 'answered', status, latencyMs: 0, body: challenge ?? '', retryAfterSeconds }, afterMs };
  }

  #answerTo(merchant: number, event: string, times: number, isChallenge: boolean): Answer {
    const { plan, startMs, draw, timeline } = this.#ports;
    const sinceStart = timeline.now() - startMs;
    const outage = plan.outages.find(
      ({ merchant: whose, atMs, lastsMs }) => whose === merchant && sinceStart >= atMs && sinceStart < atMs + lastsMs,
    );
    if (outage !== undefined) return outage.as;
    if (isChallenge) return 'accepted';
    if (draw.chance(`${merchant} never takes ${event}`, plan.poison)) return 'broken';
    const name = `${merchant} gets ${event} for the ${times}th time`;
    return draw.chance(name, plan.illness) ? draw.weighted(`${name} and`, illnesses) : 'accepted';
  }
}
