// The control endpoint, for tests and tools on this machine: health, running a scheduled function now, secrets without
// their values and rotating one, killing a region, and moving the functions' clock. It refuses what a web page in a browser could
// send.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { messageOf } from '../host/user_error.ts';
import type { Outcome } from '../lambda/process.ts';
import type { SecretMetadata } from './secret_metadata.ts';
import { type RegionChange, regionChanges } from './zone.ts';

export interface ControlActions {
  ready(): boolean;
  /** undefined: the region has no such scheduled function. Without a region it is the zone's home. */
  runSchedule(zone: string, functionName: string, region: string | undefined): Promise<Outcome> | undefined;
  /** undefined: there is no such zone. */
  secrets(zone: string): readonly SecretMetadata[] | undefined;
  /** Resolves when it has begun. False: there is no such secret. */
  rotateSecret(zone: string, name: string): Promise<boolean>;
  /** False: no such region is run, or it is so already. */
  changeRegion(region: string, how: RegionChange): Promise<boolean>;
  /** How far the clock of functions is ahead now, in milliseconds. */
  advanceClock(ms: number): number;
}

const send = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
};

const answer = async (request: IncomingMessage, response: ServerResponse, actions: ControlActions): Promise<void> => {
  request.resume();
  const [path = '', query = ''] = (request.url ?? '/').split('?');
  // Browsers name the page's origin, and a rebound host name, in every request that changes something.
  const local = /^(?:127\.0\.0\.1|localhost)(?::\d+)?$/.test(request.headers.host ?? '');
  if (request.headers.origin !== undefined || !local) return send(response, 403, { error: 'loopback clients only' });
  if (request.method === 'GET' && path === '/health') {
    return send(response, actions.ready() ? 200 : 503, { ready: actions.ready() });
  }
  const asked = new URLSearchParams(query);
  const zone = asked.get('zone') ?? '';
  if (request.method === 'GET' && path === '/secrets') {
    const secrets = actions.secrets(zone);
    return send(response, secrets ? 200 : 404, secrets ? { secrets } : { error: `there is no zone "${zone}"` });
  }
  const [, secret] = /^\/secrets\/([\w-]+)\/rotate$/.exec(path) ?? [];
  if (request.method === 'POST' && secret !== undefined) {
    const begun = await actions.rotateSecret(zone, secret);
    return send(response, begun ? 202 : 404, begun ? {} : { error: `zone "${zone}" has no secret "${secret}"` });
  }
  if (request.method === 'GET' && path === '/clock') return send(response, 200, { ahead_ms: actions.advanceClock(0) });
  if (request.method === 'POST' && path === '/clock/advance') {
    const seconds = Number(asked.get('seconds'));
    if (!(seconds > 0)) return send(response, 400, { error: 'seconds is a number above 0' });
    return send(response, 200, { ahead_ms: actions.advanceClock(seconds * 1_000) });
  }
  const [, region = '', change] = /^\/regions\/([\w-]+)\/(\w+)$/.exec(path) ?? [];
  const how = regionChanges.find((each) => each === change);
  if (request.method === 'POST' && how !== undefined) {
    const changed = await actions.changeRegion(region, how);
    return send(response, changed ? 200 : 404, changed ? {} : { error: `"${region}" is not a region to ${how}` });
  }
  const [, functionName] = /^\/schedules\/([\w-]+)\/run$/.exec(path) ?? [];
  if (request.method !== 'POST' || functionName === undefined) return send(response, 404, { error: 'unknown route' });
  const run = actions.runSchedule(zone, functionName, asked.get('region') ?? undefined);
  if (run === undefined) return send(response, 404, { error: `zone "${zone}" has no schedule of "${functionName}"` });
  const outcome = await run;
  return send(response, outcome.kind === 'returned' ? 200 : 502, outcome);
};

export const createControl = (actions: ControlActions): Server =>
  createServer((request, response) => {
    answer(request, response, actions).catch((thrown: unknown) => {
      if (response.headersSent) response.destroy();
      else send(response, 500, { error: messageOf(thrown) });
    });
  });
