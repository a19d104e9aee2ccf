// Forwards one delivery to the integrator's server, byte for byte, and returns the server's answer. Where no answer comes, the
// delivery is answered with 502 or 504 and a line that says why.

import { once } from 'node:events';
import * as http from 'node:http';
import { webhookLimits } from '../../contract/webhooks/limits.ts';

export interface Delivered {
  /** As they came: name, value, name, value … */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  /** Why the server's own answer is not here; null: it is. */
  readonly trouble: string | null;
}

/** More than a delivery stores of any answer. */
const answerBytes = 64 * 1024;

/** Headers of one connection (RFC 9110, 7.6.1), and those that describe how the body is framed. */
const ofConnection: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const endToEndHeaders = (rawHeaders: readonly string[]): string[] => {
  const pairs = rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [[name, rawHeaders[at + 1] ?? '']] : []));
  return pairs.filter(([name = '']) => !ofConnection.has(name.toLowerCase())).flat();
};

export async function forward(target: URL, { rawHeaders, body }: Delivered): Promise<Answer> {
  const signal = AbortSignal.timeout(webhookLimits.attemptMs);
  const request = http.request(target, {
    method: 'POST',
    agent: false,
    signal,
    headers: [
      ...endToEndHeaders(rawHeaders),
      'Host',
      target.host,
      'Content-Length',
      String(body.length),
      'Connection',
      'close',
    ],
  });
  request.end(body);
  try {
    const [response]: http.IncomingMessage[] = await once(request, 'response');
    if (response === undefined) throw new Error('no response');
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of response) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > answerBytes) break;
    }
    return {
      status: response.statusCode ?? 502,
      rawHeaders: endToEndHeaders(response.rawHeaders),
      body: Buffer.concat(chunks).subarray(0, answerBytes),
      trouble: null,
    };
  } catch (thrown) {
    request.destroy();
    if (signal.aborted)
      return instead(504, `${target.href} does not answer within ${webhookLimits.attemptMs / 1000} s`);
    const { code = 'no HTTP' } = thrown as NodeJS.ErrnoException;
    return instead(502, code === 'ECONNREFUSED' ? `${target.href} refuses the connection` : `${target.href}: ${code}`);
  }
}

const instead = (status: number, trouble: string): Answer => ({
  status,
  rawHeaders: ['Content-Type', 'text/plain; charset=utf-8'],
  body: Buffer.from(`strongroom listen: ${trouble}\n`),
  trouble,
});
