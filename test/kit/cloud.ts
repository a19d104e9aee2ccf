// The local cloud as its users start it, in a state folder of its own, and a client that talks to it over HTTP.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import * as v from 'valibot';
import { deployerOf } from '../../cli/local_cloud.ts';
import { portsFile } from '../../local/cloud/addresses.ts';
import { createOperator } from '../../local/cloud/demo.ts';
import { recordingsFolder } from '../../proof/privileges/recordings_folder.ts';
import { assembly, isRun, madeOnce } from './run.ts';

const ofZones = v.object({ us: v.string(), eu: v.string() });
const Ready = v.object({
  api: ofZones,
  /** URL by region, of zones that run both. */
  regions: v.record(v.string(), v.string()),
  provider: v.string(),
  control: v.string(),
  listen: v.string(),
  operator_keys: ofZones,
  tenants: v.array(v.object({ id: v.string(), zone: v.string(), mode: v.string(), secret_key: v.string() })),
});

export interface Cloud {
  readonly ready: v.InferOutput<typeof Ready>;
  readonly state: string;
  readonly child: ChildProcess;
  /** What it has printed. */
  output(): string;
  /** As an operating system without mercy would. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export const newState = (): string => mkdtempSync(join(tmpdir(), 'strongroom-cloud-'));

/** A state folder of one's own in which everything is there that a first start makes. */
export async function copyOfState(): Promise<string> {
  const state = newState();
  // Two copies that remember one port would both claim it.
  cpSync(await madeOnce('state', v.string()), state, {
    recursive: true,
    filter: (path) => basename(path) !== portsFile,
  });
  return state;
}

/** Every cloud of a test run writes down what is asked of AWS (proof/privileges); a measurement's does not. */
function recording(): string[] {
  const folder = recordingsFolder();
  return folder === undefined ? [] : ['--record', join(folder, `cloud-${process.hrtime.bigint()}.jsonl`)];
}

/**
 * Runs the templates that the run of tests synthesized. Its functions start when they are first asked: few tests ask for all
 * of both zones.
 */
export async function startCloud(state: string, ...more: string[]): Promise<Cloud> {
  const readyFile = join(state, `ready-${process.hrtime.bigint()}.json`);
  const args = [
    'local/cloud/main.ts',
    '--no-synth',
    '--state',
    state,
    '--ready-file',
    readyFile,
    // What is recorded is held against the policies of the stage that runs on one machine.
    ...(more.includes('sandbox') ? [] : recording()),
    ...(isRun() ? ['--assembly', await assembly(), '--no-warm'] : []),
    ...more,
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  const deadline = Date.now() + patienceMs;
  while (!existsSync(readyFile)) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`the local cloud did not start:\n${output}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    ready: v.parse(Ready, JSON.parse(readFileSync(readyFile, 'utf8'))),
    state,
    child,
    output: () => output,
    kill: () => endCloud({ child }, 'SIGKILL'),
    async stop() {
      await endCloud({ child }, 'SIGTERM');
      rmSync(state, { recursive: true, force: true });
    },
  };
}

/** Its state is left. */
export async function endCloud({ child }: Pick<Cloud, 'child'>, signal: NodeJS.Signals): Promise<void> {
  const ended = once(child, 'exit');
  if (child.exitCode === null && child.signalCode === null && child.kill(signal)) await ended;
}

const SharedCloud = v.object({ ready: Ready, state: v.string() });
export type SharedCloud = v.InferOutput<typeof SharedCloud>;

/** The run's own, for files that end nothing and change nothing that others see: each makes tenants for itself. */
export const sharedCloud = (): Promise<SharedCloud> => madeOnce('cloud', SharedCloud);

export interface NewTenant {
  readonly id: string;
  readonly secret_key: string;
}

export async function newTenant({ ready }: Pick<Cloud, 'ready'>, zone: 'us' | 'eu'): Promise<NewTenant> {
  const body = { name: `Tenant of ${newKey()}`, zone };
  const made = await send(ready.api[zone], ready.operator_keys[zone], 'POST', '/v1/tenants', { body });
  if (made.status !== 201) throw new Error(`no new tenant: ${made.status} ${made.text}`);
  return made.json;
}

/** Resolves with its key. It is another person than the local cloud's own operator. */
export async function newOperator({ state }: Pick<Cloud, 'state'>, zone: 'us' | 'eu'): Promise<string> {
  const { stage, endpoint, credentials } = await deployerOf(state);
  const folder = { path: state, file: (name: string) => join(state, name) };
  const where = { projectRoot: join(import.meta.dirname, '..', '..'), stage, awsUrl: endpoint, deployer: credentials };
  return createOperator(zone, 'reviewer', folder, where);
}

export interface HttpReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into replies of every shape
  readonly json: any;
}

let keys = 0;
export const newKey = (): string => {
  keys += 1;
  return `e2e-${process.pid}-${keys}`;
};

/** A request with a deadline; a body makes it JSON, a POST gets a key of its own unless it brings one. */
export async function send(
  base: string,
  secretKey: string | null,
  method: string,
  path: string,
  more: { readonly body?: unknown; readonly key?: string | null; readonly headers?: Record<string, string> } = {},
): Promise<HttpReply> {
  const key = more.key === undefined && method === 'POST' ? newKey() : more.key;
  const response = await fetch(base + path, {
    method,
    headers: {
      ...(secretKey !== null && { Authorization: `Bearer ${secretKey}` }),
      ...(more.body !== undefined && { 'Content-Type': 'application/json' }),
      ...(key && { 'Idempotency-Key': key }),
      ...more.headers,
    },
    body: more.body === undefined ? null : typeof more.body === 'string' ? more.body : JSON.stringify(more.body),
    signal: AbortSignal.timeout(patienceMs),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: text === '' ? undefined : JSON.parse(text) };
}

/** What is waited for comes in seconds; so long may a loaded machine take. */
export const patienceMs = 120_000;
const pausesMs = { first: 50, most: 1_000, growth: 1.5 } as const;

/** Asks again until it is so, less and less often; a deadline instead of a guess at how long things take. */
export async function eventually<T>(
  ask: () => Promise<T>,
  enough: (value: T) => boolean,
  deadlineMs: number = patienceMs,
): Promise<T> {
  const until = Date.now() + deadlineMs;
  for (let pauseMs: number = pausesMs.first; ; pauseMs = Math.min(pausesMs.most, pauseMs * pausesMs.growth)) {
    const value = await ask();
    if (enough(value) || Date.now() > until) return value;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

export const chargesOf = async (
  cloud: Pick<Cloud, 'ready'>,
  payment: string,
): Promise<{ id: string; captured: number; refunded: number }[]> => {
  const response = await fetch(`${cloud.ready.provider}/charges?reference=${payment}`);
  return ((await response.json()) as { data: [] }).data;
};

interface Recorded {
  readonly id: string;
  readonly outcome?: string;
  readonly aggregate_id: string;
  readonly sequence: number;
}

async function all(cloud: Pick<Cloud, 'ready'>, secretKey: string, path: string): Promise<Recorded[]> {
  const found: Recorded[] = [];
  let cursor: string | null = '';
  for (let pages = 0; cursor !== null && pages < 100; pages += 1) {
    const page = await send(cloud.ready.api.us, secretKey, 'GET', `${path}?limit=100${cursor && `&cursor=${cursor}`}`);
    found.push(...page.json.data);
    cursor = page.json.next_cursor;
  }
  return found;
}

/** Of every fact that the tenant's commits recorded: its event and its audit entry, by the part of the id that they share. */
export async function recordedFacts(cloud: Pick<Cloud, 'ready'>, secretKey: string) {
  const body = ({ id }: Recorded): string => id.split('_').at(-1) ?? '';
  const events = await all(cloud, secretKey, '/v1/events');
  const entries = (await all(cloud, secretKey, '/v1/audit_entries')).filter(({ outcome }) => outcome === 'committed');
  const sequences = new Map<string, number[]>();
  for (const { aggregate_id, sequence } of events) {
    sequences.set(
      aggregate_id,
      [...(sequences.get(aggregate_id) ?? []), sequence].sort((a, b) => a - b),
    );
  }
  return { events: events.map(body).sort(), entries: entries.map(body).sort(), sequences: [...sequences.values()] };
}

/** 1, 2, 3 … */
export const withoutGaps = (sequence: readonly number[]): boolean =>
  sequence.every((value, index) => value === index + 1);
