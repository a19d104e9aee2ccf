// A provider's event as it is stored: sealed as it came, so that its signature can be verified again, and in the clear what was
// read from it; and the pure decisions about it.

import * as v from 'valibot';
import { providerNames } from '../../../contract/connections/connection.ts';
import { modes } from '../../../contract/kernel/roles.ts';
import { declineCodes } from '../../../contract/payments/decline_codes.ts';
import { ingressLimits, processorEventLimits } from '../../../contract/processor_events/limits.ts';
import { SealedText } from '../../kernel/domain/sealed_text.ts';
import { isExecuted } from '../../payments/domain/executions.ts';
import type { ProcessorOperation } from '../../payments/domain/operation.ts';
import type { ProviderFact } from '../../processors/domain/fact.ts';

const charge = v.string();
const execution = v.optional(v.string());

const MovedElsewhere = v.object({
  kind: v.literal('moved_elsewhere'),
  object: v.picklist(['capture', 'refund']),
  id: v.string(),
  ofAll: v.boolean(),
  failed: v.boolean(),
});
export type MovedElsewhere = v.InferOutput<typeof MovedElsewhere>;

const Failed = v.object({
  declineCode: v.nullable(v.picklist(declineCodes)),
  rawDeclineCode: v.optional(v.string()),
  message: v.string(),
});

const NotificationEffect = v.variant('kind', [
  v.object({ kind: v.literal('approved'), charge, captured: v.boolean(), execution }),
  v.object({
    kind: v.literal('declined'),
    ...Failed.entries,
    ended: v.optional(v.literal(true)),
  }),
  // A report never holds what opens the payer's part.
  v.object({
    kind: v.literal('requires_payment_method'),
    charge,
    client: v.null(),
    failed: v.nullable(Failed),
  }),
  v.object({
    kind: v.literal('requires_action'),
    charge,
    url: v.string(),
    fields: v.optional(v.record(v.string(), v.string())),
  }),
  v.object({ kind: v.literal('requires_component'), charge, client: v.null() }),
  v.object({ kind: v.literal('in_review'), charge }),
  v.object({ kind: v.literal('pending'), charge }),
  v.object({ kind: v.literal('authorized'), charge }),
  v.object({ kind: v.literal('released') }),
  v.object({ kind: v.literal('reversed'), execution }),
  v.object({ kind: v.literal('returned'), id: v.string() }),
  MovedElsewhere,
  v.object({
    kind: v.literal('disputed'),
    dispute: v.string(),
    stage: v.number(),
    open: v.boolean(),
    outcome: v.optional(v.picklist(['won', 'lost', 'closed'])),
  }),
  v.object({ kind: v.literal('ignored') }),
]);
type NotificationEffect = v.InferOutput<typeof NotificationEffect>;

/** One notification of the event: ids, amounts and kinds, nothing of a person. */
export const Notification = v.object({
  eventId: v.string(),
  occurredAtMs: v.number(),
  reference: v.nullable(v.string()),
  order: v.nullable(v.string()),
  charge: v.nullable(v.string()),
  amount: v.nullable(v.object({ minor: v.number(), currency: v.string() })),
  effect: NotificationEffect,
});
export type Notification = v.InferOutput<typeof Notification>;

export const providerEventStatuses = [
  /** Committed, and on its way to the payment. */
  'received',
  /** What it says holds here, whoever settled it. */
  'applied',
  /** It says nothing that concerns a payment. */
  'ignored',
  /** It is about something that is not known here, or that has to end first: retried at `due_at_ms`. */
  'waiting',
  /** It waited as long as anything does. */
  'unmatched',
  /** The provider says that money moved, or came back, where it was settled otherwise: people must look. */
  'contradicted',
] as const;

export const ProcessorEvent = v.object({
  id: v.string(),
  object: v.literal('provider_event'),
  tenant: v.string(),
  mode: v.picklist(modes),
  connection: v.string(),
  provider: v.picklist(providerNames),
  status: v.picklist(providerEventStatuses),
  notifications: v.array(Notification),
  /** Body and signature as they came. */
  received: SealedText,
  received_at_ms: v.number(),
  request_id: v.string(),
  retries: v.number(),
  due_at_ms: v.nullable(v.number()),
  /** Seconds since the epoch, for the table's time to live. */
  expires_at_s: v.number(),
});
export type ProcessorEvent = v.InferOutput<typeof ProcessorEvent>;

type Fresh = Omit<ProcessorEvent, 'object' | 'status' | 'retries' | 'due_at_ms' | 'expires_at_s'>;

export const receiveEvent = (fresh: Fresh): ProcessorEvent => ({
  ...fresh,
  object: 'provider_event',
  status: fresh.notifications.every(({ effect }) => effect.kind === 'ignored') ? 'ignored' : 'received',
  retries: 0,
  due_at_ms: null,
  expires_at_s: Math.floor(fresh.received_at_ms / 1000) + ingressLimits.eventRetentionDays * 86_400,
});

/** The outcome of one notification. Of several, the first of these that occurs is the event's. */
export const outcomes = ['contradicted', 'waiting', 'applied', 'ignored'] as const;
export type Outcome = (typeof outcomes)[number];

export const worst = (all: readonly Outcome[]): Outcome => outcomes.find((each) => all.includes(each)) ?? 'ignored';

export const isOpenEvent = ({ status }: Pick<ProcessorEvent, 'status'>): boolean =>
  status === 'received' || status === 'waiting';

/** The event after it was applied. One that waits is retried, each time later, until nothing can be expected any more. */
export function recordRetry(event: ProcessorEvent, outcome: Outcome, nowMs: number): ProcessorEvent {
  const retries = event.retries + 1;
  if (outcome !== 'waiting') return { ...event, retries, status: outcome, due_at_ms: null };
  const due = processorEventLimits.retryOffsetsMs.map((ms) => event.received_at_ms + ms).find((ms) => ms > nowMs);
  if (due === undefined) return { ...event, retries, status: 'unmatched', due_at_ms: null };
  return { ...event, retries, status: 'waiting', due_at_ms: due };
}

/**
 * Whether a fact that changed nothing contradicts what stands: money moved, or is held, where it was settled that none is; or
 * what moved is gone. The failure of a capture or refund counts over its success, in whatever order the two come.
 */
export function contradicts(
  { payment, modification }: ProcessorOperation,
  effect: NotificationEffect,
  fact: ProviderFact['kind'],
): boolean {
  const { object, status } = modification ?? payment;
  if (fact === 'approved') return status === 'failed' && (object === 'payment' || object === 'void');
  // It failed once, and was carried out anew: both are so.
  const isExecutedAgain = modification !== null && isExecuted(modification);
  const stands = !isExecutedAgain && (modification === null ? payment.amount_captured > 0 : status === 'succeeded');
  return stands && (effect.kind === 'reversed' || (modification !== null && fact === 'declined'));
}
