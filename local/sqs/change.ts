// The changes of messages, as a journal records them, and the reasons for which a message leaves its queue without being deleted.

import * as v from 'valibot';
import type { QueueDefinition } from './definition.ts';
import { Message } from './message.ts';

const of = { queue: v.string(), sequence: v.number(), at: v.number() };

/** All changes of one call are one entry of a journal. */
export const Change = v.variant('kind', [
  v.object({ kind: v.literal('put'), queue: v.string(), message: Message }),
  /** Received: invisible to others until then. */
  v.object({ kind: v.literal('hold'), ...of, until: v.number() }),
  v.object({ kind: v.literal('show'), ...of, until: v.number() }),
  v.object({ kind: v.literal('drop'), ...of }),
  /** The sequence that the next message gets at least. */
  v.object({ kind: v.literal('next'), sequence: v.number() }),
]);
export type Change = v.InferOutput<typeof Change>;

/** Retention counts from the first sending, in whichever queue the message is (developer guide, "Using dead-letter queues"). */
export const isOver = ({ sentAt }: Message, { retentionMs }: QueueDefinition, now: number): boolean =>
  now - sentAt >= retentionMs;

/** Moves the message to the dead-letter queue; undefined where it may be received once more. */
export const deadLettering = (message: Message, definition: QueueDefinition, at: number): Change[] | undefined => {
  const { redrive } = definition;
  return redrive === undefined || message.receives < redrive.receives ? undefined : setAside(message, definition, at);
};

/** Takes the message out of its queue, into the dead-letter queue where there is one. */
export const setAside = (message: Message, { name: queue, redrive }: QueueDefinition, at: number): Change[] => [
  { kind: 'drop', queue, sequence: message.sequence, at },
  ...(redrive === undefined
    ? []
    : [{ kind: 'put' as const, queue: redrive.to, message: { ...message, visibleAt: at, heldSince: undefined } }]),
];
