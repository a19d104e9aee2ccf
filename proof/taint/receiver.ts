// The merchant's server, which says more than it should: it keeps what arrives, and answers with words of its own.

import { once } from 'node:events';
import { createServer } from 'node:http';
import { loopback } from '../../local/host/ports.ts';
import { challengeAnswer } from '../../test/kit/challenge.ts';

export interface Answering {
  /** Headers and body of each delivery, as it came. */
  readonly arrivals: string[];
  close(): void;
}

/** At `origin`'s port. A path that begins with /rejects is answered with 500. */
export async function openAnswering(origin: string, answer: string): Promise<Answering> {
  const arrivals: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    arrivals.push(`${request.url}\n${request.rawHeaders.join('\n')}\n${Buffer.concat(chunks)}`);
    const challenge = challengeAnswer(Buffer.concat(chunks));
    if (challenge !== undefined) return void response.writeHead(200).end(challenge);
    response.writeHead(request.url?.startsWith('/rejects') ? 500 : 200).end(answer);
  });
  server.listen(Number(new URL(origin).port), loopback);
  await once(server, 'listening');
  return {
    arrivals,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
