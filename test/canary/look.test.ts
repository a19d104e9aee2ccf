// What the canary says of the zone's other region: healthy when that region, and no other, answers its public page in time.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { canaryLimits } from '../../contract/canary/limits.ts';
import { writerLimits } from '../../contract/writer/limits.ts';
import { look } from '../../lambdas/canary/look.ts';
import { writeLease } from '../../lambdas/writer/store.ts';
import { home, openZone, second } from '../writer/zone_fixture.ts';

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

async function lookAt(otherRegionUrl: string | undefined, { region: from = second as string, zone = openZone() } = {}) {
  const platform = zone.process(from);
  const logged: string[] = [];
  const { healthy } = await look({
    ...platform,
    config: Object.create(platform.config, { otherRegionUrl: { value: otherRegionUrl } }),
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

  it('[RES-4] says in the second region that this one writes: the address follows the writer', async () => {
    const zone = openZone();
    const writes = { healthy: true, logged: ['second_region_writes'] };
    const silent = { healthy: true, logged: [] };
    await zone.keep(home);
    expect(await lookAt(undefined, { zone })).toEqual(silent);
    zone.advance(writerLimits.leaseMs);
    await zone.keep(second);
    expect(await lookAt(undefined, { zone })).toEqual(writes);
    // Nobody's address depends on what the home says of the second region.
    expect(await lookAt(undefined, { zone, region: home })).toEqual(silent);
  });

  it('[RES-4] says so as soon as the lease is handed over, and says it no more as soon as it is handed back', async () => {
    const zone = openZone();
    const handOver = async (region: string, successor: string | null) => {
      const lease = await zone.keep(region);
      if (lease === undefined) throw new Error('there is no lease');
      await writeLease(zone.process(region), lease, { ...lease, successor });
      return (await lookAt(undefined, { zone })).logged;
    };
    expect(await handOver(home, second)).toEqual(['second_region_writes']);
    zone.advance(writerLimits.leaseMs);
    await zone.keep(second);
    expect(await handOver(second, home)).toEqual([]);
  });

  it('says nothing of the home when the lease can’t be read: it is this region that fails', async () => {
    const zone = openZone();
    zone.faults.before = () => {
      throw new Error('no lease');
    };
    expect(await lookAt(undefined, { zone })).toEqual({ healthy: true, logged: [] });
  });

  it('looks at nothing where the stage runs one region', async () => {
    const platform = openZone().process(home);
    const config = Object.create(platform.config, { writer: { value: 'configured' } });
    expect(await look({ ...platform, config })).toEqual({ healthy: null });
  });
});
