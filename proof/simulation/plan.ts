// What is going to happen in a world, drawn from its seed: who wants what, how often and when it is asked for, how bad the
// times are. Inert data; every money-moving operation of the table must have a row here.

import { type Operation, operations } from '../../contract/capabilities.ts';
import { moneyLimits } from '../../contract/payments/limits.ts';
import type * as payments from '../../contract/payments/operations.ts';
import { testProcessorLimits } from '../../contract/processors/limits.ts';
import { type Draw, drawFrom } from './draw.ts';
import { forgeriesOf, type PlannedForgery } from './plan_forgeries.ts';
import { isForEver, monthWithout, type Strike, strikeOf } from './plan_strike.ts';
import { type WebhookPlan, webhookPlanOf } from './plan_webhooks.ts';

type MoneyOperation = Extract<(typeof payments)[keyof typeof payments], { readonly slo: 'money' }>;
export type MoneyOperationId = MoneyOperation['id'];

/** One intention: a request that must take effect once, however often and by however many clients it is sent. */
export interface Intention {
  readonly name: string;
  readonly operation: MoneyOperationId;
  /** Whose, by position in the world's merchants. */
  readonly merchant: number;
  readonly body: Readonly<Record<string, unknown>>;
  /** The intention whose payment it changes; null: it makes one. */
  readonly payment: string | null;
  readonly arrivals: readonly Arrival[];
}

/** A client and when it comes: after the start of the world, or after the payment is known. */
export interface Arrival {
  readonly client: number;
  readonly atMs: number;
}

export interface Plan {
  readonly seed: number;
  readonly intentions: readonly Intention[];
  /** Reads by anybody of anything. */
  readonly reads: number;
  /** Probability of a fault at each call, until the times get better. */
  readonly faultRate: number;
  readonly calmAfterMs: number;
  /** A time in which nothing runs and nobody asks; null: none. */
  readonly outage: { readonly atMs: number; readonly lastsMs: number } | null;
  /** Null: nobody has a webhook endpoint. */
  readonly webhooks: WebhookPlan | null;
  /** Whether payments go through their merchant's connection, whose processor tells of them of its own accord. */
  readonly connected: boolean;
  /** Rows that somebody writes who may, and whose facts lie. */
  readonly forgeries: readonly PlannedForgery[];
  /** A time in which the processor refuses everything, or answers nothing; null: none. */
  readonly strike: Strike | null;
}

export const merchants = 3;

/** As often as this, a payment is made with this test payment method, or its payer chooses it in the processor's fields. */
export const paymentMethods = {
  pm_test_visa: 60,
  pm_test_declined: 3,
  pm_test_insufficient_funds: 2,
  pm_test_3ds: 4,
  pm_test_authentication_required: 2,
  pm_test_timeout_then_charged: 6,
  pm_test_timeout_not_charged: 4,
  pm_test_overloaded_once: 6,
  pm_test_late_webhook: 4,
  pm_test_review: 4,
  pm_test_dispute_fraud: 2,
  pm_test_refund_fails: 3,
  pm_test_slow: 4,
};

/** Of these every merchant's customer has one saved. */
export const savedTokens = ['pm_test_visa', 'pm_test_3ds', 'pm_test_authentication_required'] as const;

/** Whose saved method pays: the token is put in its place when it is sent (business.ts). */
export interface SavedSource {
  readonly token: (typeof savedTokens)[number];
  readonly off_session: boolean;
  /** Another merchant's: to be refused. */
  readonly foreign: boolean;
}

const amountMinor = 1_000;

/** Bodies by operation. A modification without an amount takes what is left. */
const bodies: Readonly<Record<MoneyOperationId, (draw: Draw, name: string) => Readonly<Record<string, unknown>>>> = {
  'payments/create': (draw, name) => ({
    amount: amountMinor,
    currency: 'EUR',
    ...sourceOf(draw, name),
    capture_method: draw.chance(`${name} manual`, 0.6) ? 'manual' : 'automatic',
  }),
  'payments/capture': (draw, name) => partOf(draw, name),
  'payments/refund': (draw, name) => partOf(draw, name),
  'payments/void': () => ({}),
  'payments/confirm': () => ({}),
  'payments/cancel': () => ({}),
};

function sourceOf(draw: Draw, name: string): object {
  if (draw.chance(`${name} pays with what is saved`, 0.12)) {
    const saved: SavedSource = {
      token: draw.pick(`${name} saved`, savedTokens),
      off_session: draw.chance(`${name} off session`, 0.7),
      foreign: draw.chance(`${name} another’s`, 0.1),
    };
    return { saved };
  }
  const chooses = draw.chance(`${name} lets its payer choose`, 0.12);
  return {
    ...(draw.chance(`${name} keeps its method`, 0.15) && { setup_future_usage: 'off_session' }),
    ...(!chooses && { payment_method: draw.weighted(`${name} method`, paymentMethods) }),
  };
}

const partOf = (draw: Draw, name: string): Readonly<Record<string, unknown>> =>
  draw.chance(`${name} all`, 0.15) ? {} : { amount: 100 + 50 * draw.integer(`${name} part`, 9) };

/** What is done with a payment once it is there: mostly what can be done with it. */
const followUps = {
  automatic: {
    'payments/capture': 2,
    'payments/refund': 16,
    'payments/void': 2,
    'payments/confirm': 1,
    'payments/cancel': 1,
  },
  manual: {
    'payments/capture': 12,
    'payments/refund': 6,
    'payments/void': 2,
    'payments/confirm': 1,
    'payments/cancel': 1,
  },
  /** Its payer chooses. */
  open: {
    'payments/capture': 2,
    'payments/refund': 3,
    'payments/void': 1,
    'payments/confirm': 5,
    'payments/cancel': 3,
  },
};

const followUpsOf = ({ body }: Intention) =>
  body.payment_method === undefined && body.saved === undefined
    ? followUps.open
    : followUps[body.capture_method as 'automatic' | 'manual'];

export const moneyOperations: ReadonlyMap<MoneyOperationId, Operation> = new Map(
  operations
    .filter(({ slo }) => slo === 'money')
    .map((operation) => {
      if (!Object.hasOwn(bodies, operation.id)) {
        throw new Error(`${operation.id} moves money, and the simulation does not know what to send to it`);
      }
      return [operation.id as MoneyOperationId, operation];
    }),
);

export const operationOf = (id: MoneyOperationId): Operation => {
  const operation = moneyOperations.get(id);
  if (operation === undefined) throw new Error(`${id} is not in the operation table`);
  return operation;
};

/** Two to eight, two most often. */
const overlaps = { 2: 80, 3: 9, 4: 4, 5: 3, 6: 2, 7: 1, 8: 1 };

/** Near each other, or so that one meets what another left behind: within the lease, after it. */
const arrivals = (draw: Draw, name: string, firstMs: number): Arrival[] =>
  Array.from({ length: Number(draw.weighted(`${name} overlaps`, overlaps)) }, (_, client) => {
    const spreadMs = client === 0 ? 0 : draw.pick(`${name} spread ${client}`, [30, 200, 2_000, 30_000]);
    return { client, atMs: Math.round(firstMs + draw.fraction(`${name} arrival ${client}`) * spreadMs) };
  });

/** How bad the times are. */
const faultRates = { 0.005: 2, 0.02: 4, 0.05: 3, 0.15: 1 };

export const spanMs = 45_000;

/** Beyond this, nothing is sent any more: what had not arrived by then has failed. */
export const resendMs = testProcessorLimits.idempotencyKeyLifetimeMs * moneyLimits.resendShareOfKeyLifetime;

/** Share of the worlds in which merchants have webhook endpoints: such a world costs two and a half others. */
const withWebhooks = 0.2;

/** Share of the worlds with connections. */
const withConnections = 0.15;

const hourMs = 3_600_000;

/** Of any length, and often so that what was sent before it may only just be sent again after it. */
function outageOf(draw: Draw): Plan['outage'] {
  const atMs = draw.between('outage at', 2_000, spanMs);
  const lastsMs = draw.chance('outage ends late', 0.5)
    ? resendMs - draw.between('outage ends before', 0, spanMs)
    : hourMs * draw.between('outage hours', 1, 40);
  return { atMs, lastsMs };
}

/** A plan of so many intentions. */
export function planOf(seed: number, count: number): Plan {
  const draw = drawFrom(seed);
  const intentions: Intention[] = [];
  const made: Intention[] = [];
  for (let index = 0; index < count; index += 1) {
    const name = `i${index}`;
    const payment = made.length > 0 && draw.chance(`${name} follows`, 0.55) ? draw.pick(`${name} of`, made) : null;
    const id: MoneyOperationId =
      payment === null ? 'payments/create' : draw.weighted(`${name} operation`, followUpsOf(payment));
    const intention: Intention = {
      name,
      operation: id,
      merchant: payment?.merchant ?? draw.integer(`${name} merchant`, merchants),
      body: bodies[id](draw, name),
      payment: payment?.name ?? null,
      arrivals: arrivals(draw, name, draw.fraction(`${name} at`) * (payment === null ? spanMs : spanMs / 5)),
    };
    intentions.push(intention);
    if (payment === null) made.push(intention);
  }
  const webhooks = draw.chance('webhooks', withWebhooks) ? webhookPlanOf(draw, merchants, spanMs) : null;
  // Messages do not last for a month.
  const strike = strikeOf(draw, spanMs, webhooks === null);
  const outage = draw.chance('outage', 0.08) ? outageOf(draw) : null;
  return {
    seed,
    intentions,
    reads: Math.ceil(count / 10),
    faultRate: Number(draw.weighted('fault rate', faultRates)),
    calmAfterMs: spanMs + 30_000,
    outage: isForEver(strike) ? monthWithout(spanMs) : outage,
    webhooks,
    connected: draw.chance('connected', withConnections),
    forgeries: forgeriesOf(draw, spanMs),
    strike,
  };
}
