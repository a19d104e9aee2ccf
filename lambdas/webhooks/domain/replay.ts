// Replays: their stored form, and the pure decisions about how one goes on. How far it has come is a field of its row, so that
// no lost message and no end of a chain of messages can stop it.

import * as v from 'valibot';
import { Replay as PublicReplay, type ReplayEvents } from '../../../contract/webhooks/delivery.ts';
import { webhookLimits as limits } from '../../../contract/webhooks/limits.ts';
import type { Change } from '../../kernel/domain/decision.ts';
import { IdempotencyRecord } from '../../kernel/domain/idempotency.ts';
import type { NewObject } from '../../kernel/domain/new_object.ts';
import { timestamp } from '../../kernel/platform/clock.ts';
import { baseFields } from './webhook_endpoint.ts';

export const Replay = v.object({
  ...PublicReplay.entries,
  ...IdempotencyRecord.entries,
  tenant: v.string(),
  /** The last event that it has examined; null: none yet. */
  position: v.nullable(v.string()),
  examined: v.number(),
  /** When the dispatcher goes on with it (ms since the epoch), unless somebody else does before; null: it is completed. */
  due_at_ms: v.nullable(v.number()),
});
export type Replay = v.InferOutput<typeof Replay>;

/** What a replay delivers again: nothing later than now. Null: the window is empty, or begins too long ago. */
function replayWindow(asked: v.InferOutput<typeof ReplayEvents>, nowMs: number): Pick<Replay, 'from' | 'to'> | null {
  const fromMs = Date.parse(asked.from);
  const toMs = Math.min(nowMs, asked.to === undefined ? nowMs : Date.parse(asked.to));
  if (!(fromMs >= nowMs - limits.replayWindowMs && fromMs < toMs)) return null;
  return { from: timestamp(fromMs), to: timestamp(toMs) };
}

/** Null: the window is empty, or begins too long ago. */
export function newReplay(
  origin: NewObject,
  endpoint: string,
  asked: v.InferOutput<typeof ReplayEvents>,
  nowMs: number,
): Replay | null {
  const window = replayWindow(asked, nowMs);
  if (window === null) return null;
  return {
    ...baseFields(origin),
    object: 'replay',
    webhook_endpoint: endpoint,
    ...window,
    status: 'running',
    events: 0,
    continues_from: null,
    position: null,
    examined: 0,
    due_at_ms: nowMs + limits.replayLeaseMs,
  };
}

/** What one step examined, in its order, and how many of it the endpoint gets. */
export interface Step {
  readonly examined: readonly { readonly id: string; readonly occurred_at: string }[];
  readonly delivered: number;
}

/** After a step; whoever made it holds the replay for a while. */
export function afterStep(replay: Replay, { examined, delivered }: Step, nowMs: number): Change<Replay> {
  const last = examined.at(-1);
  const next = {
    ...replay,
    position: last?.id ?? replay.position,
    examined: replay.examined + examined.length,
    events: replay.events + delivered,
    due_at_ms: nowMs + limits.replayLeaseMs,
  };
  if (last === undefined || examined.length < limits.eventsPerStep) return complete(next, null);
  return next.examined >= limits.replayEvents ? complete(next, last.occurred_at) : { fact: null, next };
}

/** Nothing more follows from it. */
export const complete = (replay: Replay, continuesFrom: string | null): Change<Replay> => ({
  fact: null,
  next: { ...replay, status: 'completed', due_at_ms: null, continues_from: continuesFrom },
});

/** Whoever held it does not go on: it is due. */
export const release = (replay: Replay, nowMs: number): Change<Replay> => ({
  fact: null,
  next: { ...replay, due_at_ms: nowMs },
});
