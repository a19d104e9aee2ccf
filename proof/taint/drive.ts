// Drives a local cloud: each operation as it is meant to be asked, again under the same key, as an attacker and as another
// tenant would; then processors, the reconciler and the dispatcher. What came back is searched too.

import { operations } from '../../contract/capabilities.ts';
import {
  type Cloud,
  eventually,
  type HttpReply,
  newKey,
  newOperator,
  recordedFacts,
  send,
  withoutGaps,
} from '../../test/kit/cloud.ts';
import { type Attack, attacksOn, attacksOnTheGateway } from './attacks.ts';
import type { Marks } from './marks.ts';
import { type Connected, connectionOf, tellings } from './processor_notifications.ts';
import { type Request, requests } from './requests.ts';
import { type Places, put } from './search.ts';
import { wordsFor } from './words.ts';

export interface Driven {
  /** All that callers were answered. */
  readonly replies: Places;
  /** What was not answered as it should have been. */
  readonly surprises: readonly string[];
}

interface Drive extends Driven {
  readonly cloud: Cloud;
  readonly marks: Marks;
  readonly tenants: readonly string[];
  /** Key of an operator who is another person than the one that made the tenants. */
  readonly reviewer: string;
  readonly surprises: string[];
}

export async function drive(cloud: Cloud, marks: Marks): Promise<Driven> {
  const tenants = cloud.ready.tenants.filter(({ zone }) => zone === 'us').map(({ secret_key }) => secret_key);
  const reviewer = await newOperator(cloud, 'us');
  const driven: Drive = { cloud, marks, tenants, reviewer, replies: new Map(), surprises: [] };
  // Two at a time: each one more would start more processes, which costs more than waiting does.
  await Promise.all([askAll(driven), attackAll(driven)]);
  for (const name of ['reconciler', 'dispatcher']) {
    const ran = await fetch(`${cloud.ready.control}/schedules/${name}/run?zone=us`, { method: 'POST' });
    put(driven.replies, `result of the ${name}`, await ran.text());
    if (!ran.ok) driven.surprises.push(`the ${name} failed`);
  }
  const { events, entries } = await eventually(
    () => recordedFacts(cloud, tenants[0] ?? ''),
    (found) => found.events.length === found.entries.length && found.sequences.every(withoutGaps),
    10_000,
  );
  if (events.join() !== entries.join()) driven.surprises.push('the relay is not done');
  return driven;
}

function keep({ replies }: Driven, where: string, { headers, text }: Pick<HttpReply, 'headers' | 'text'>): void {
  put(replies, where, JSON.stringify([...headers]));
  put(replies, where, text);
}

async function askAll(driven: Drive): Promise<void> {
  const { cloud, marks } = driven;
  const tenant = cloud.ready.tenants.find(({ zone }) => zone === 'us')?.id ?? '';
  const made = new Map<string, string>([['tenant', tenant]]);
  let submission = '';
  const connected: Connected[] = [];
  for (const [id, request] of Object.entries(requests)) {
    const scene = {
      listen: cloud.ready.listen,
      words: wordsFor(marks, id),
      made: (of: string) => made.get(of) ?? '',
      submission: () => submission,
    };
    for (const [index, each] of ([request(scene)].flat() as Request[]).entries()) {
      const { json } = await ask(driven, id, each, scene.made);
      // Each by its place, and the first by the operation alone.
      made.set(`${id}#${index}`, json.id ?? '');
      if (!made.has(id)) made.set(id, json.id ?? json.data?.[0]?.id ?? '');
      submission = json.submission ?? submission;
      for (const field of ['secret', 'secret_key', 'webhook_secret']) watch(marks, id, json[field]);
      if (id === 'connections/create') connected.push(connectionOf(json, each.body ?? {}));
    }
    if (id === 'connections/create') for (const each of connected) await tell(driven, each);
  }
}

async function ask(driven: Drive, id: string, request: Request, made: (of: string) => string): Promise<HttpReply> {
  const { cloud, marks, tenants, surprises } = driven;
  const operation = operations.find((each) => each.id === id);
  if (operation === undefined) throw new Error(`there is no operation ${id}`);
  const under = [...(request.under ?? [])];
  const path = operation.path.replace(/\{\w+\}/g, () => made(under.shift() ?? ''));
  const query = request.query === undefined ? '' : `?${new URLSearchParams(request.query)}`;
  const key = operation.creates === undefined ? null : marks.make('email', `${id} Idempotency-Key`) + newKey();
  const more = { key, ...(request.body && { body: request.body }) };
  const call = (as = ''): Promise<HttpReply> => send(cloud.ready.api.us, as, operation.method, path + query, more);
  const operators = { operator: cloud.ready.operator_keys.us, reviewer: driven.reviewer };
  const own = request.as === undefined ? tenants[0] : operators[request.as];
  // What the relay and deliveries make comes a moment later, and the rate limit may ask for one.
  const reply = await eventually(
    () => call(own),
    ({ status, json }) => status !== 429 && (json.data?.length !== 0 || request.findsNothing === true),
    10_000,
  );
  keep(driven, `reply to ${id}`, reply);
  if (reply.status >= 300) surprises.push(`${id}: ${reply.status} ${reply.text}`);
  if (operation.creates !== undefined) {
    const again = await call(own);
    keep(driven, `repeat of ${id}`, again);
    if (again.headers.get('Idempotent-Replayed') !== 'true') surprises.push(`${id}, repeated: ${again.status}`);
  }
  if (operation.method === 'GET') keep(driven, 'reply to another tenant', await call(tenants[1]));
  return reply;
}

/** A secret that was shown: found again as text, and as the bytes that its text spells. */
function watch(marks: Marks, id: string, secret: unknown): void {
  if (typeof secret !== 'string') return;
  const own = secret.slice(secret.lastIndexOf('_') + 1);
  const isSigning = secret.startsWith('whsec_');
  // At the end of an API key stands a checksum.
  marks.watch(`secret made by ${id}`, isSigning ? own : own.slice(0, 39));
  if (isSigning) marks.watch(`secret made by ${id}`, Buffer.from(own, 'base64'));
}

async function tell(driven: Drive, connected: Connected): Promise<void> {
  for (const { url, headers, body, accepted } of tellings(connected, driven.marks)) {
    const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(20_000) });
    keep(driven, `reply to ${connected.provider}`, { headers: response.headers, text: await response.text() });
    if (response.ok !== accepted) driven.surprises.push(`${connected.provider} was answered ${response.status}`);
  }
}

async function attackAll(driven: Drive): Promise<void> {
  const { cloud, marks, tenants } = driven;
  for (const operation of operations) {
    const secret = operation.actors.includes('key') ? tenants[0] : cloud.ready.operator_keys.us;
    for (const attack of attacksOn(operation, marks)) {
      await attackWith(driven, operation.id, { method: operation.method, ...attack }, `Bearer ${secret}`);
    }
  }
  for (const attack of attacksOnTheGateway(marks)) await attackWith(driven, 'the gateway', attack, 'Bearer x');
}

async function attackWith(
  driven: Drive,
  of: string,
  { name, method, path, headers, body, code }: Attack & { readonly method: string },
  Authorization: string,
): Promise<void> {
  const more = { key: null, headers: { Authorization, ...headers }, ...(body && { body }) };
  const call = (): Promise<HttpReply> => send(driven.cloud.ready.api.us, null, method, path, more);
  const reply = await eventually(call, ({ status }) => status !== 429, 10_000);
  keep(driven, `refusal of ${of}`, reply);
  const refused = reply.status >= 400 && reply.status < 429 && (code === undefined || reply.json.code === code);
  if (!refused) driven.surprises.push(`${of}, ${name}: ${reply.status} ${reply.json?.code}`);
}
