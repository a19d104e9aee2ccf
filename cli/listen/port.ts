// Opens the port at which the state folder's webhooks are received, or says which process has it. The port itself is the lock:
// it is free as soon as that process has ended.

import { once } from 'node:events';
import type { Server } from 'node:http';
import * as v from 'valibot';
import { loopback, url } from '../../local/cloud/addresses.ts';
import { Usage } from '../command_line.ts';

/** What a listener answers to `GET /`. */
export const Listening = v.object({
  listening: v.literal('strongroom listen'),
  process: v.number(),
  forward_to: v.nullable(v.string()),
});
export type Listening = v.InferOutput<typeof Listening>;

const askMs = 2_000;

export async function open(server: Server, port: number, state: string): Promise<void> {
  server.listen(port, loopback);
  try {
    await once(server, 'listening');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw thrown;
    throw new Usage(await whoListens(port, state));
  }
}

async function whoListens(port: number, state: string): Promise<string> {
  const answer = await fetch(url(port), { signal: AbortSignal.timeout(askMs) })
    .then((response) => response.json())
    .catch(() => undefined);
  const other = v.safeParse(Listening, answer);
  if (!other.success)
    return `Port ${port} belongs to ${state}, and another program listens there. Stop that program first.`;
  const { process, forward_to } = other.output;
  const what = forward_to === null ? 'printing only' : `forwarding to ${forward_to}`;
  return `strongroom listen already runs: process ${process}, ${what}. Stop it first.`;
}

/** Deliveries that are being forwarded are answered first, within the time that an attempt has. */
export const close = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
