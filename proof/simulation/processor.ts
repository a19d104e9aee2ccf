// The test processor in the simulated world: its own rules, keys and ledger (processor/) and our adapter to it, with
// a virtual network between them instead of HTTP.

import { testProcessorLimits } from '../../contract/processors/limits.ts';
import type { Processor } from '../../lambdas/processors/processor.ts';
import type { Asked, Reply, Transport } from '../../lambdas/processors/test/exchange.ts';
import { testProcessorOver } from '../../lambdas/processors/test/processor.ts';
import { TestProcessor, type WebhookSender } from '../../processor/processor.ts';
import { answer } from '../../processor/routes.ts';
import { byteSource, type Draw, type Fractions } from './draw.ts';
import { type CallKind, type Fault, faults, undisturbed, type Way } from './faults.ts';
import { arrivalMs, packetLifeMs } from './network.ts';
import type { Strike } from './plan_strike.ts';
import { type Process, processorUrl } from './process.ts';
import type { Timeline } from './timeline.ts';

const accountRefused: Reply = { status: 403, body: { error: { code: 'account_refused', charged: false } } };

/** A process that had an order sent, and waited for what comes of it. */
export interface Sender {
  /** The object that the order is for. */
  readonly object: string;
  /** Of the call. */
  readonly address: string;
  readonly fromMs: number;
  /** Until it heard, gave up or died. */
  untilMs: number;
  /** Whether it heard that its account is refused. */
  refused: boolean;
}

export interface ProcessorPorts {
  readonly seed: number;
  readonly draw: Draw;
  readonly timeline: Timeline;
  readonly fault: (address: string, kind: CallKind) => Fault | null;
  readonly tell: WebhookSender['enqueue'];
  /** When it began (ms since the epoch). */
  readonly startMs: number;
  readonly strike: Strike | null;
}

/** The moment between taking an order and deciding it, in which other orders come. */
const thinkingMs = 40;

const keyLifetimeMs = testProcessorLimits.idempotencyKeyLifetimeMs;

const ledgerOf = ({ seed, timeline, tell }: ProcessorPorts): TestProcessor =>
  new TestProcessor({
    opened: {
      entries: [],
      ledger: {
        append: () => timeline.sleep(thinkingMs),
        flushed: () => Promise.resolve(),
      },
    },
    keyLifetimeMs,
    now: timeline.now,
    pause: timeline.sleep,
    random: byteSource(seed, 'processor'),
    webhooks: { add: () => false, enqueue: tell },
  });

/** What a process asks, and until when it listens. */
interface Question {
  readonly path: string;
  readonly asked: Asked;
  readonly endMs: number;
  /** Of the whole conversation. */
  readonly deadlineMs: number;
}

type Hear = (reply: Reply | null) => void;

/** What is heard although the processor did not say it; undefined: nothing. */
function disturbance({ answer: given }: Way, drawn: Fractions): Reply | null | undefined {
  if (given === 'error') return { status: 502, body: { error: { code: 'bad_gateway' } } };
  if (given === 'garbled') return { status: 201, body: { id: 'ch_1', status: 'approved' } };
  // A connection refused or reset: known at once, and still no word on what this or an earlier call came to.
  return given === 'lost' && drawn(3) < 0.5 ? null : undefined;
}

export class SimulatedProcessor {
  readonly ledger: TestProcessor;
  readonly senders: Sender[] = [];
  readonly #ports: ProcessorPorts;
  readonly #base = new URL(processorUrl);

  constructor(ports: ProcessorPorts) {
    this.#ports = ports;
    this.ledger = ledgerOf(ports);
  }

  /** As a process reaches it. */
  reachedFrom(process: Process): Processor {
    return testProcessorOver(this.#transport(process));
  }

  #transport(process: Process): Transport {
    return {
      base: this.#base,
      converse: (deadlineMs) => {
        const endMs = this.#ports.timeline.now() + deadlineMs;
        return (path, asked) =>
          process.reach<Reply | null>((resolve) => {
            this.#exchange(process, { path, asked, endMs, deadlineMs }, resolve);
          });
      },
    };
  }

  #exchange(process: Process, question: Question, resolve: Hear): void {
    const { draw, timeline, fault } = this.#ports;
    const { path, asked, endMs, deadlineMs } = question;
    const address = process.nextAddress();
    const heard = asked.method === 'POST' ? this.#follow(process, asked.body, address, resolve) : resolve;
    const met = fault(address, asked.method === 'POST' ? 'order' : 'look_up');
    const way: Way = met === null ? undisturbed : faults[met];
    const drawn = draw.fractions(address);
    const thereMs = 5 + drawn(0) * 40;
    const backMs = 5 + drawn(1) * 40;
    if (way.dies === 'at_once') process.die();
    /** What is heard first counts; at the end of the conversation, silence. */
    const silence = process.after(endMs - timeline.now(), () => heard(null));
    const hear = (reply: Reply | null, afterMs: number): void => {
      process.after(afterMs, () => {
        if (timeline.now() >= endMs) return;
        silence();
        heard(reply);
      });
    };
    if (way.arrives !== 'never') {
      const tooLateMs = timeline.now() + packetLifeMs;
      timeline.after(arrivalMs(way, drawn(2), thereMs, deadlineMs), async () => {
        if (timeline.now() > tooLateMs) return;
        const reply = await this.#ask(path, asked);
        if (way.dies === 'when_it_is_done') process.die();
        if (way.answer === 'given' && reply !== null) hear(reply, backMs);
      });
    }
    const disturbed = disturbance(way, drawn);
    if (disturbed !== undefined) hear(disturbed, thereMs + backMs);
  }

  /** Notes who waits for an order, and until when. */
  #follow(process: Process, body: unknown, address: string, resolve: Hear): Hear {
    const { timeline } = this.#ports;
    const { id } = body as { readonly id: string };
    const sender: Sender = {
      object: id,
      address,
      fromMs: timeline.now(),
      untilMs: Number.POSITIVE_INFINITY,
      refused: false,
    };
    this.senders.push(sender);
    const end = (): void => {
      sender.untilMs = Math.min(sender.untilMs, timeline.now());
    };
    const forget = process.onDeath(end);
    return (reply) => {
      forget();
      end();
      sender.refused = reply?.status === accountRefused.status;
      resolve(reply);
    };
  }

  /** Null where the answer is withheld. */
  async #ask(path: string, { method, key, body }: Asked): Promise<Reply | null> {
    const { strike, startMs, timeline } = this.#ports;
    const sinceStart = timeline.now() - startMs;
    const struck = strike !== null && sinceStart >= strike.fromMs && sinceStart < strike.untilMs ? strike.as : null;
    if (struck === 'refuses') return accountRefused;
    const text = body === undefined ? '' : JSON.stringify(body);
    const given = await answer(this.ledger, keyLifetimeMs, {
      method,
      url: `/${path}`,
      key,
      person: false,
      body: () => Promise.resolve(text),
    });
    return given.withheld || struck === 'silent' ? null : { status: given.status, body: JSON.parse(given.body) };
  }
}
