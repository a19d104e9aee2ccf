// Every single fault at every call of every money-moving operation, and every pair of faults: no chance involved. The
// calls are found by living through the operation once, and for pairs once for each first fault.

import { type CallKind, type Fault, faultsOf } from './faults.ts';
import { historyOf } from './history.ts';
import { violationsOf } from './invariants.ts';
import type { Merchant } from './merchants.ts';
import { type Intention, type MoneyOperationId, moneyOperations, type Plan, resendMs } from './plan.ts';
import { monthWithout, strikeThrough } from './plan_strike.ts';
import { scheduleOf } from './schedule.ts';
import { count, type Tally } from './tally.ts';
import { runWorld } from './world.ts';

/** The calls of the intention that matters and of whoever settles it; not the authorizer's, who holds nothing. */
const settles = (address: string): boolean =>
  (address.startsWith('target.') && !address.includes('/authorizer')) || address.startsWith('reconciler.');

const payment = (capture: 'manual' | 'automatic', method: string): Intention => ({
  name: 'payment',
  operation: 'payments/create',
  merchant: 0,
  body: { amount: 1000, currency: 'EUR', payment_method: method, capture_method: capture },
  payment: null,
  arrivals: [{ client: 0, atMs: 0 }],
});

/** One operation as a small world: what must be there before it, then the operation, sent twice. */
function planOfOperation(id: MoneyOperationId, method: string): Plan {
  const made = payment(id === 'payments/refund' ? 'automatic' : 'manual', method);
  const isPayment = id === 'payments/create';
  const target: Intention = {
    name: 'target',
    operation: id,
    merchant: 0,
    body: isPayment ? made.body : {},
    payment: isPayment ? null : made.name,
    arrivals: [
      { client: 0, atMs: 100 },
      { client: 1, atMs: 130 },
    ],
  };
  return {
    seed: 7,
    intentions: isPayment ? [target] : [made, target],
    reads: 0,
    faultRate: 0,
    calmAfterMs: 120_000,
    outage: null,
    webhooks: null,
    connected: false,
    forgeries: [],
    strike: null,
  };
}

export interface Searched {
  readonly plan: Plan;
  /** Beside the faults that are tried: what becomes of the first order to the processor. */
  readonly firstOrder: Fault | null;
  /** Whether each batch of messages is delivered to two at once. */
  readonly doubled: boolean;
  readonly matters: (address: string) => boolean;
}

/** Soon after a request everything stops. */
const silence = (goesOnAfterMs: number): Plan => {
  const atMs = 5_000;
  return {
    ...planOfOperation('payments/create', 'pm_test_visa'),
    outage: { atMs, lastsMs: goesOnAfterMs - atMs },
  };
};

/** Two events: the first one's first attempt fails, the other waits for it until it has succeeded. */
const delivery: Plan = {
  ...planOfOperation('payments/create', 'pm_test_visa'),
  intentions: [payment('automatic', 'pm_test_visa')],
  webhooks: {
    ...{ illness: 0, poison: 0, acts: [] },
    outages: [{ merchant: 0, atMs: 0, lastsMs: 10_000, as: 'broken' }],
  },
};

/** Many events of one payment, of which the first is not taken for a while: then one after the other may go. */
const backlog: Plan = {
  ...planOfOperation('payments/create', 'pm_test_visa'),
  intentions: [
    payment('manual', 'pm_test_visa'),
    ...Array.from(
      { length: 100 },
      (_, index): Intention => ({
        ...{ name: `capture${index}`, operation: 'payments/capture', merchant: 0, body: { amount: 1 } },
        payment: 'payment',
        arrivals: [{ client: 0, atMs: 5_000 + 500 * index }],
      }),
    ),
  ],
  webhooks: {
    ...{ illness: 0, poison: 0, acts: [] },
    outages: [
      { merchant: 0, atMs: 3_000, lastsMs: 67_000, as: 'broken' },
      { merchant: 0, atMs: 70_000, lastsMs: 36_000_000, as: 'accepted_slowly' },
    ],
  },
};

const delivers = (address: string): boolean => /^(?:relay\.payments|deliver|dispatcher)\./.test(address);

/** Everything that a processor's word goes through, where the answer to the order was lost. */
const effect = (address: string): boolean => /^(?:notification|processor_events|reconciler)\./.test(address);
const connected: Plan = { ...planOfOperation('payments/create', 'pm_test_visa'), connected: true };

const reconciles = (address: string): boolean => address.startsWith('reconciler.');

/** Carried out and not heard of; whatever is asked then is refused for a while. */
const refused: Plan = {
  ...planOfOperation('payments/create', 'pm_test_visa'),
  strike: { as: 'refuses', fromMs: 2_000, untilMs: 600_000 },
};

/** Nothing is heard of a charge for longer than anything may be open. */
const unheard: Plan = {
  ...planOfOperation('payments/create', 'pm_test_visa'),
  outage: monthWithout(30_000),
  strike: strikeThrough('silent', 0, monthWithout(30_000)),
};

const undisturbed = { firstOrder: null, doubled: false, matters: settles } as const;

/**
 * Webhooks, ours and a processor's; silences of ours, until nothing may be sent again and until the processor has forgotten keys; each operation;
 * payments that a processor turns away, answers in silence or settles late.
 */
export const searches: ReadonlyMap<string, Searched> = new Map<string, Searched>([
  ['a webhook that fails once, and one behind it', { ...undisturbed, plan: delivery, matters: delivers }],
  [
    'a webhook that fails once, and one behind it, each delivered to two at once',
    { ...undisturbed, plan: delivery, doubled: true, matters: delivers },
  ],
  ['a long row of webhooks that waited', { ...undisturbed, plan: backlog, matters: () => false }],
  [
    'a charge that its processor tells of',
    { ...undisturbed, plan: connected, firstOrder: 'ambiguous', matters: effect },
  ],
  [
    'a charge whose processor refuses what follows',
    { ...undisturbed, plan: refused, firstOrder: 'ambiguous', matters: reconciles },
  ],
  ['a charge of which nothing is heard', { ...undisturbed, plan: unheard, matters: reconciles }],
  ...[
    ['payments/create before half a day of silence', resendMs - 2_000, 'lost'] as const,
    ['payments/create before two days of silence', 4 * resendMs, 'ambiguous'] as const,
  ].map(([name, untilMs, firstOrder]) => [name, { ...undisturbed, plan: silence(untilMs), firstOrder }] as const),
  ...[...moneyOperations.keys()].map(
    (id) => [id, { ...undisturbed, plan: planOfOperation(id, 'pm_test_visa') }] as const,
  ),
  ...['pm_test_overloaded_once', 'pm_test_timeout_then_charged', 'pm_test_late_webhook'].map(
    (method) =>
      [`payments/create with ${method}`, { ...undisturbed, plan: planOfOperation('payments/create', method) }] as const,
  ),
]);

export interface ExhaustOptions {
  readonly merchants: readonly Merchant[];
  readonly pairs: boolean;
  /** Every `parts`-th first fault, beginning with this. */
  readonly part: number;
  readonly parts: number;
  readonly afterWorld: () => Promise<void>;
}

export async function exhaust(
  tally: Tally,
  { plan, firstOrder, doubled, matters }: Searched,
  options: ExhaustOptions,
): Promise<void> {
  /** Tells the calls that were made, by address. */
  const live = async (chosen: readonly (readonly [string, Fault])[]): Promise<Map<string, CallKind>> => {
    const made = new Map<string, CallKind>();
    const meets = new Map(chosen);
    let orders = 0;
    const faults = {
      at(address: string, kind: CallKind): Fault | null {
        if (kind === 'order') orders += 1;
        if (kind === 'order' && orders === 1 && firstOrder !== null) return firstOrder;
        if (matters(address)) made.set(address, kind);
        return meets.get(address) ?? (doubled && kind === 'messages' ? 'doubled' : null);
      },
    };
    const left = await runWorld(plan, { merchants: options.merchants, faults });
    const history = historyOf(left.aws.database);
    const name = chosen.map((one) => one.join(': ')).join(', ') || 'no further fault';
    count(tally, left, history.facts.length, violationsOf(left, history), name, scheduleOf(left));
    await options.afterWorld();
    return made;
  };
  const everyFault = (calls: ReadonlyMap<string, CallKind>): (readonly [string, Fault])[] =>
    [...calls].flatMap(([address, kind]) => faultsOf[kind].map((fault) => [address, fault] as const));

  const first = everyFault(await live([])).filter((_, index) => index % options.parts === options.part);
  for (const one of first) {
    const calls = await live([one]);
    if (!options.pairs) continue;
    const addresses = [...calls.keys()];
    const later = new Set(addresses.slice(addresses.indexOf(one[0]) + 1));
    for (const other of everyFault(calls)) if (later.has(other[0])) await live([one, other]);
  }
}
