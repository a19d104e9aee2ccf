// What all parts of a world share: its plan, its chance, its time and its faults.

import type { Met } from './aftermath.ts';
import { type Draw, drawFrom } from './draw.ts';
import { type CallKind, type Fault, type FaultPlan, faultsAtRate } from './faults.ts';
import type { Merchant } from './merchants.ts';
import type { Plan } from './plan.ts';
import type { WebhookPlan } from './plan_webhooks.ts';
import { Timeline } from './timeline.ts';

export interface ConditionOptions {
  readonly merchants: readonly Merchant[];
  /** Absent: at the plan's rate. */
  readonly faults?: FaultPlan;
  readonly trace?: (atMs: number, text: string) => void;
}

export interface Conditions {
  readonly plan: Plan;
  /** Of a world without webhooks, one in which nothing happens. */
  readonly webhooks: WebhookPlan;
  readonly merchants: readonly Merchant[];
  readonly draw: Draw;
  readonly timeline: Timeline;
  readonly startMs: number;
  /** From then on nothing goes wrong any more. */
  readonly calmAtMs: number;
  /** The fault of the call at an address, noted as having happened. */
  readonly fault: (address: string, kind: CallKind) => Fault | null;
  readonly met: readonly Met[];
  readonly trace: ((text: string) => void) | undefined;
}

const startMs = Date.parse('2026-01-02T00:00:00Z');
const noWebhooks: WebhookPlan = { illness: 0, poison: 0, outages: [], acts: [] };

export function conditionsOf(plan: Plan, { merchants, faults, trace }: ConditionOptions): Conditions {
  const draw = drawFrom(plan.seed);
  const timeline = new Timeline(startMs);
  const sinceStart = (): number => timeline.now() - startMs;
  const calmAfterMs = plan.calmAfterMs + (plan.outage?.lastsMs ?? 0);
  const planned = faults ?? faultsAtRate(draw, plan.faultRate);
  const met: Met[] = [];
  return {
    ...{ plan, merchants, draw, timeline, startMs, met },
    webhooks: plan.webhooks ?? noWebhooks,
    calmAtMs: startMs + calmAfterMs,
    fault(address, kind) {
      const found = sinceStart() < calmAfterMs ? planned.at(address, kind) : null;
      if (found === null) return null;
      met.push({ address, fault: found, atMs: sinceStart() });
      trace?.(sinceStart(), `${address} meets: ${found}`);
      return found;
    },
    trace: trace && ((text) => trace(sinceStart(), text)),
  };
}
