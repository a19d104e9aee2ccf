// AWS and the processor on one loopback port, for measured processes that are to know nothing of being measured.

import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { listen } from '../../local/host/ports.ts';
import type { Ask } from './wire.ts';

export interface Loopback {
  readonly url: string;
  stop(): void;
}

export async function openLoopback(ask: Ask): Promise<Loopback> {
  const charge = (body: string): string => {
    const { reference, id: order, amount, currency, payment_method, capture } = JSON.parse(body);
    return JSON.stringify({
      id: 'ch_4kq2zmd7xw3htbn6rvcgy5je',
      ...{ reference, order, amount, currency, payment_method, capture },
      captured: capture ? amount : 0,
      refunded: 0,
      voided: 0,
      status: 'approved',
      action_url: null,
      disputed: false,
      created_at: '2026-11-21T10:15:30.000Z',
      modifications: [],
    });
  };
  const server = createServer((request, response) => {
    const target = request.headers['x-amz-target'];
    const reply = text(request).then((body) =>
      typeof target === 'string' ? ask(target, body) : { status: 201, text: charge(body) },
    );
    reply.then(
      ({ status, text: answer }) => {
        response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(answer);
      },
      () => response.destroy(),
    );
  });
  const port = await listen(server, { what: 'AWS for the bench' });
  return {
    url: `http://127.0.0.1:${port}`,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
