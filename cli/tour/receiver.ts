// The merchant's own server, as small as it can be: it answers challenges, records each other request whole, and answers with a
// status that is set.

import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { loopback } from '../../local/cloud/addresses.ts';
import { webhooks } from '../../sdk/src/index.ts';

export interface Arrival {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly answered: number;
}

export interface Receiver {
  /** Where it listens. */
  readonly url: string;
  /** In the order of their coming. */
  readonly arrivals: readonly Arrival[];
  /** From now on. */
  answers(status: number): void;
  close(): void;
}

/** Listens on loopback, at `origin`'s port or a free one. */
export async function openReceiver(origin?: string): Promise<Receiver> {
  const arrivals: Arrival[] = [];
  let status = 200;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const challenge = webhooks.challengeAnswer(JSON.parse(Buffer.concat(chunks).toString()));
    if (challenge !== undefined) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(challenge));
      return;
    }
    arrivals.push({
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
      answered: status,
    });
    response.writeHead(status).end();
  });
  server.listen(origin === undefined ? 0 : Number(new URL(origin).port), loopback);
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://${loopback}:${typeof address === 'object' ? address?.port : ''}`,
    arrivals,
    answers(next) {
      status = next;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
