// A message as a queue stores it, and the receipt with which its consumer deletes it or changes its visibility.

import { createHash } from 'node:crypto';
import * as v from 'valibot';

export const Message = v.object({
  /** Rises with every message that is sent to any queue of the region. */
  sequence: v.number(),
  body: v.string(),
  /** The tenant to which it belongs. Absent: a tenant of its own. */
  group: v.optional(v.string()),
  /** X-Ray's tracing header of the function that sent it. Absent: none did. */
  trace: v.optional(v.string()),
  sentAt: v.number(),
  /** Name of the queue to which it was sent; a dead-lettered message is in another one. */
  sentTo: v.string(),
  /** When it can be received, or received again. */
  visibleAt: v.number(),
  receives: v.number(),
  firstReceivedAt: v.optional(v.number()),
  /** Since when it is in flight. Absent: it is not. */
  heldSince: v.optional(v.number()),
});
export type Message = v.InferOutput<typeof Message>;

export const md5Of = (text: string): string => createHash('md5').update(text).digest('hex');

/** It has the same id in every queue. */
export const messageId = ({ sentTo, sequence }: Message): string => {
  const hex = createHash('sha256').update(`${sentTo}/${sequence}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
};

/** A receipt is good until the message is received again. */
export interface Receipt {
  readonly sequence: number;
  readonly receives: number;
}

export const receiptHandle = (queue: string, { sequence, receives }: Receipt): string =>
  Buffer.from(`${queue} ${sequence} ${receives}`).toString('base64url');

/** Undefined for what is no receipt of this queue. */
export const receiptOf = (queue: string, handle: string): Receipt | undefined => {
  const [name, sequence, receives, more] = Buffer.from(handle, 'base64url').toString('utf8').split(' ');
  if (name !== queue || more !== undefined) return undefined;
  const receipt = { sequence: Number(sequence), receives: Number(receives) };
  return Number.isSafeInteger(receipt.sequence) && Number.isSafeInteger(receipt.receives) ? receipt : undefined;
};
