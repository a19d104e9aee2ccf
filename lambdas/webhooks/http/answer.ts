// What is recorded of an endpoint's answer. The status decides as soon as it is here; the body is only shown to the merchant,
// so it is bounded, may be cut, is never decompressed, and what is not text is replaced.

import type { IncomingMessage } from 'node:http';
import { addAbortSignal } from 'node:stream';
import { attemptLimits as limits } from '../../../contract/webhooks/limits.ts';
import { retryAfterSeconds } from './retry_after.ts';

export interface Answered {
  readonly kind: 'answered';
  readonly status: number;
  /** To the end of the answer's headers. */
  readonly latencyMs: number;
  /** The first bytes as text, without control characters but line breaks and tabs; empty if there are none. */
  readonly body: string;
  /** Null: the answer says nothing of it that can be understood. */
  readonly retryAfterSeconds: number | null;
}

export async function readAnswer(response: IncomingMessage, latencyMs: number, nowMs: number): Promise<Answered> {
  return {
    kind: 'answered',
    status: response.statusCode ?? 0,
    latencyMs,
    retryAfterSeconds: retryAfterSeconds(response.headers['retry-after'], nowMs),
    body: shown(await firstBytes(response)),
  };
}

async function firstBytes(response: IncomingMessage): Promise<Buffer> {
  addAbortSignal(AbortSignal.timeout(limits.answerBodyMs), response);
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response) {
      chunks.push(chunk);
      bytes += chunk.length;
      // Leaving the loop ends the connection.
      if (bytes > limits.answerBodyBytes) break;
    }
  } catch {
    // Broken off, malformed or too slow: what came before stands.
  }
  return Buffer.concat(chunks).subarray(0, limits.answerBodyBytes);
}

/** `stream`: a character that the cut divides is left out. Invisible format characters could make text lie (bidi). */
const shown = (bytes: Buffer): string =>
  new TextDecoder().decode(bytes, { stream: true }).replace(/(?![\n\t])\p{Cc}|[\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{fffd}');
