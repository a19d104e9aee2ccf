// What the canary says of the zone's other region: healthy when that region, and no other, answers its public page in time.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { canaryLimits } from '../../contract/canary/limits.ts';
import { look } from '../../lambdas/canary/look.ts';
import type { Config } from '../../lambdas/kernel/platform/config.ts';

let server: Server | undefined;
afterEach(() => server?.close());

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const saying =
  (status: number, body: string): Answer =>
  (_, response) =>
    void response.writeHead(status).end(body);
const region = (name: string): Answer => saying(200, JSON.stringify({ region: name }));

/** Looks from us-west-2 at a region that answers so, one answer after the other; the last one stays. */
async function lookedAt(...answers: readonly Answer[]) {
  const asked: (string | undefined)[] = [];
  server = createServer((request, response) => {
    const answer = answers[Math.min(asked.length, answers.length - 1)];
    asked.push(request.url);
    answer?.(request, response);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return { asked, ...(await lookAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)) };
}

async function lookAt(otherRegionUrl: string | undefined) {
  const logged: string[] = [];
  const { healthy } = await look({
    config: { region: 'us-west-2', otherRegionUrl } as Config,
    log: (message) => void logged.push(message),
    sleep: async () => {},
  });
  return { healthy, logged };
}

describe('the canary', () => {
  it('[RES-4] says nothing of a region that answers', async () => {
    expect(await lookedAt(region('us-east-1'))).toEqual({ healthy: true, logged: [], asked: ['/health'] });
  });

  it('looks again before it says that a region is down', async () => {
    const { healthy, logged, asked } = await lookedAt(saying(500, ''), region('us-east-1'));
    expect({ healthy, logged, asked: asked.length }).toEqual({ healthy: true, logged: [], asked: 2 });
  });

  it.each<[string, Answer]>([
    ['answers with an error', saying(503, JSON.stringify({ region: 'us-east-1' }))],
    ['ends the connection', (request) => request.socket.destroy()],
    ['leads elsewhere', (_, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
    ['is the canary’s own: the address leads back to it', region('us-west-2')],
    ['says something else', saying(200, 'ok')],
    ['names no region', saying(200, '{}')],
    [
      'says more than the page does',
      saying(200, JSON.stringify({ region: 'us-east-1', more: 'x'.repeat(canaryLimits.bodyBytes) })),
    ],
  ])('[RES-4] counts a region that %s', async (_, answer) => {
    const { healthy, logged, asked } = await lookedAt(answer);
    expect({ healthy, logged }).toEqual({ healthy: false, logged: ['other_region_unhealthy'] });
    expect(asked).toHaveLength(canaryLimits.looks);
  });

  it('looks at nothing where there is one region', async () => {
    expect(await lookAt(undefined)).toEqual({ healthy: null, logged: [] });
  });
});
