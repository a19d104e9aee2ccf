// What is going to happen to webhooks in a world: how well receivers do, when they are down and how, and what merchants do
// about their endpoints and deliveries. Inert data, drawn from the world's seed.

import type { Draw } from './draw.ts';

/** What a receiver may do with what comes to it. */
export const answers = {
  accepted: { status: 200 },
  /** Not before it is suspected. */
  accepted_slowly: { status: 200 },
  broken: { status: 500 },
  missing: { status: 404 },
  /** With `Retry-After`. */
  too_many: { status: 429 },
  gone: { status: 410 },
  /** Nothing before the attempt's deadline. */
  silent: { status: null },
} as const satisfies Record<string, { readonly status: number | null }>;
export type Answer = keyof typeof answers;

export interface ReceiverOutage {
  /** By position among the merchants. */
  readonly merchant: number;
  readonly atMs: number;
  readonly lastsMs: number;
  readonly as: Answer;
}

export const actKinds = ['rotate', 'disable', 'enable', 'delete', 'skip', 'retry'] as const;

/** Something that a merchant does: to its endpoint, or to one of its deliveries. */
export interface Act {
  readonly name: string;
  readonly kind: (typeof actKinds)[number];
  readonly merchant: number;
  readonly atMs: number;
}

export interface WebhookPlan {
  /** How often receivers answer otherwise than with a success, outages apart. */
  readonly illness: number;
  /** How often an event is one that its receiver never takes. */
  readonly poison: number;
  readonly outages: readonly ReceiverOutage[];
  readonly acts: readonly Act[];
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

const outageKinds = { silent: 5, broken: 3, missing: 2 };

/** Mostly none; a merchant that disabled its endpoint, or whose endpoint was disabled, mostly enables it again. */
function actsOf(draw: Draw, merchant: number, spanMs: number): Act[] {
  const name = (kind: string): string => `${kind}${merchant}`;
  const chances = { rotate: 0.4, disable: 0.2, delete: 0.05, skip: 0.4, retry: 0.4 };
  const acts = actKinds.flatMap((kind): Act[] =>
    kind !== 'enable' && draw.chance(`${name(kind)} happens`, chances[kind])
      ? [{ name: name(kind), kind, merchant, atMs: Math.round(draw.between(`${name(kind)} at`, 1_000, 4 * spanMs)) }]
      : [],
  );
  if (!draw.chance(`${name('enable')} happens`, 0.8)) return acts;
  const atMs = Math.round(4 * spanMs + hourMs * draw.pick(`${name('enable')} at`, [0.01, 0.2, 3, 30]));
  return [...acts, { name: name('enable'), kind: 'enable', merchant, atMs }];
}

/** `spanMs`: in which merchants are busy. */
export function webhookPlanOf(draw: Draw, merchants: number, spanMs: number): WebhookPlan {
  const each = Array.from({ length: merchants }, (_, merchant) => merchant);
  return {
    illness: draw.pick('illness', [0, 0.05, 0.2, 0.5]),
    poison: draw.pick('poison', [0, 0, 0.01, 0.05]),
    outages: each.flatMap((merchant) => {
      const name = `receiver ${merchant} is down`;
      if (!draw.chance(name, 0.3)) return [];
      const atMs = Math.round(draw.between(`${name} at`, 0, spanMs));
      const lastsMs = draw.pick(`${name} for`, [20_000, 5 * minuteMs, hourMs, 5 * hourMs, 40 * hourMs]);
      return [{ merchant, atMs, lastsMs, as: draw.weighted(`${name} as`, outageKinds) }];
    }),
    acts: each.flatMap((merchant) => actsOf(draw, merchant, spanMs)),
  };
}
