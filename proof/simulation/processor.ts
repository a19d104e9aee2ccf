// The test processor in the simulated world: its own rules, keys and ledger (local/processor) and our adapter to it, with
// a virtual network between them instead of HTTP.

import { testProcessorLimits } from '../../contract/processors/limits.ts';
import type { Processor } from '../../lambdas/processors/processor.ts';
import type { Asked, Reply, Transport } from '../../lambdas/processors/test/exchange.ts';
import { testProcessorOver } from '../../lambdas/processors/test/processor.ts';
import type { Entry } from '../../processor/entry.ts';
import { TestProcessor, type WebhookSender } from '../../processor/processor.ts';
import { answer } from '../../processor/routes.ts';
import { byteSource, type Draw } from './draw.ts';
import { type CallKind, type Fault, faults, undisturbed, type Way } from './faults.ts';
import { arrivalMs, packetLifeMs } from './network.ts';
import { type Process, processorUrl } from './process.ts';
import type { Timeline } from './timeline.ts';

/** A process that had an order sent, and waited for what comes of it. */
export interface Sender {
  /** The object that the order is for. */
  readonly object: string;
  /** Of the call. */
  readonly address: string;
  readonly fromMs: number;
  /** Until it heard, gave up or died. */
  untilMs: number;
}

export interface SimulatedProcessor {
  readonly ledger: TestProcessor;
  readonly senders: readonly Sender[];
  /** As a process reaches it. */
  reachedFrom(process: Process): Processor;
}

export interface ProcessorPorts {
  readonly seed: number;
  readonly draw: Draw;
  readonly timeline: Timeline;
  readonly fault: (address: string, kind: CallKind) => Fault | null;
  readonly tell: WebhookSender['enqueue'];
}

/** The moment between taking an order and deciding it, in which other orders come. */
const thinkingMs = 40;

export function simulatedProcessor({ seed, draw, timeline, fault, tell }: ProcessorPorts): SimulatedProcessor {
  const entries: Entry[] = [];
  const keyLifetimeMs = testProcessorLimits.idempotencyKeyLifetimeMs;
  const ledger = new TestProcessor({
    opened: {
      entries,
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
  const base = new URL(processorUrl);
  const senders: Sender[] = [];

  /** Null where the answer is withheld. */
  const ask = async (path: string, { method, key, body }: Asked): Promise<Reply | null> => {
    const text = body === undefined ? '' : JSON.stringify(body);
    const given = await answer(ledger, keyLifetimeMs, {
      method,
      url: `/${path}`,
      key,
      person: false,
      body: () => Promise.resolve(text),
    });
    return given.withheld ? null : { status: given.status, body: JSON.parse(given.body) };
  };

  /** Notes who waits for an order, and until when. */
  const follow = (process: Process, body: unknown, address: string, resolve: (reply: Reply | null) => void) => {
    const { id } = body as { readonly id: string };
    const sender: Sender = { object: id, address, fromMs: timeline.now(), untilMs: Number.POSITIVE_INFINITY };
    senders.push(sender);
    const end = (): void => {
      sender.untilMs = Math.min(sender.untilMs, timeline.now());
    };
    const forget = process.onDeath(end);
    return (reply: Reply | null): void => {
      forget();
      end();
      resolve(reply);
    };
  };

  const transport = (process: Process): Transport => ({
    base,
    converse(deadlineMs) {
      const endMs = timeline.now() + deadlineMs;
      return (path, asked) =>
        process.reach<Reply | null>((resolve) => {
          const address = process.nextAddress();
          const heard = asked.method === 'POST' ? follow(process, asked.body, address, resolve) : resolve;
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
              const reply = await ask(path, asked);
              if (way.dies === 'when_it_is_done') process.die();
              if (way.answer === 'given' && reply !== null) hear(reply, backMs);
            });
          }
          if (way.answer === 'error') hear({ status: 502, body: { error: { code: 'bad_gateway' } } }, thereMs + backMs);
          if (way.answer === 'garbled')
            hear({ status: 201, body: { id: 'ch_1', status: 'approved' } }, thereMs + backMs);
          // A connection refused or reset: known at once, and still no word on what this or an earlier call came to.
          if (way.answer === 'lost' && drawn(3) < 0.5) hear(null, thereMs + backMs);
        });
    },
  });

  return { ledger, senders, reachedFrom: (process) => testProcessorOver(transport(process)) };
}
