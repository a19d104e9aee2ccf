// Merchants' software: several clients send the same request under the same key, each until it has an answer that will
// not get better. What each of them heard, and when, is kept for the invariants.

import type { Draw } from './draw.ts';
import type { Reply, Request } from './gateway.ts';
import type { Timeline } from './timeline.ts';

export interface Heard {
  readonly sentAtMs: number;
  readonly atMs: number;
  readonly status: number;
  /** The problem's code; null for an answer that is none. */
  readonly code: string | null;
  readonly body: string;
}

export interface ClientPorts {
  readonly timeline: Timeline;
  readonly draw: Draw;
  readonly send: (request: Request, address: string) => Promise<Reply | null>;
}

/** More often than the worst of times could make necessary. */
const maxTries = 60;
const patientMs = 20_000;

const codeOf = ({ status, body }: Reply): string | null =>
  status < 400 || body === '' ? null : (JSON.parse(body) as { readonly code: string }).code;

/** Whether asking again could bring another answer. */
const isFinal = (reply: Reply): boolean =>
  reply.status < 500 && reply.status !== 429 && codeOf(reply) !== 'idempotency_in_progress';

/** Resolves with the final answer; null where there never was one. */
export async function client(
  { timeline, draw, send }: ClientPorts,
  request: Request,
  address: string,
  heard: (what: Heard) => void,
): Promise<Reply | null> {
  for (let tries = 0; tries < maxTries; tries += 1) {
    const sentAtMs = timeline.now();
    const reply = await send(request, `${address}.${tries}`);
    if (reply !== null) {
      heard({ sentAtMs, atMs: timeline.now(), status: reply.status, code: codeOf(reply), body: reply.body });
      if (isFinal(reply)) return reply;
    }
    const asked = Number(reply?.headers['Retry-After'] ?? 0) * 1000;
    const backoffMs = Math.min(patientMs, Math.max(asked, 100 * 2 ** tries));
    await timeline.sleep(backoffMs * (0.5 + draw.fraction(`${address}.${tries} waits`)));
  }
  return null;
}
