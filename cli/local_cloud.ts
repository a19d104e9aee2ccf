// The local cloud that an integrator's command works with, found by its state folder. Test keys and loopback only: nothing
// here may reach another machine, or money.

import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import * as v from 'valibot';
import { Deployer, deployerFile, Ports, portsFile, url } from '../local/cloud/addresses.ts';
import { Demo, demoFile } from '../local/cloud/demo.ts';
import { ConnectionError, type Strongroom, StrongroomError, strongroom } from '../sdk/src/index.ts';
import { Usage } from './command_line.ts';

export const localOptions = {
  state: { type: 'string' },
  url: { type: 'string' },
  key: { type: 'string' },
} as const;

export const localUsage = `  --state DIR    the local cloud's state    (default: .strongroom)
  --key KEY      a test key of the tenant   (default: the first demo tenant's)
  --url URL      API of the key's zone      (default: as the state folder says)`;

export interface LocalCloud {
  readonly state: string;
  /** Where webhooks of the test mode may be received. */
  readonly listenPort: number;
  readonly api: string;
  readonly key: string;
}

/** Calls `onCall` for each call that was answered. */
export function clientOf(
  { api, key }: LocalCloud,
  onCall: (method: string, path: string, status: number) => void = () => {},
): Strongroom {
  return strongroom({
    key,
    baseUrl: api,
    attempts: 3,
    async fetch(address, init) {
      const response = await fetch(address, init);
      onCall(init.method ?? 'GET', new URL(address).pathname, response.status);
      return response;
    },
  });
}

const projectState = join(import.meta.dirname, '..', '.strongroom');

/** The options that say which local cloud, and as which tenant. */
interface LocalArguments {
  readonly state?: string | undefined;
  readonly url?: string | undefined;
  readonly key?: string | undefined;
}

export async function localCloud(options: LocalArguments): Promise<LocalCloud> {
  const state = resolve(options.state ?? projectState);
  const ports = await portsOf(state);
  const key = options.key ?? (await read(state, demoFile, Demo))?.tenants[0]?.secret_key;
  const [, zone = ''] = /^sk_test_([a-z]+)_/.exec(key ?? '') ?? [];
  if (key === undefined || zone === '') throw new Usage('Expected a test key: --key sk_test_…');
  const port = ports.api[zone];
  const api = options.url ?? (port === undefined ? undefined : url(port));
  if (api === undefined) throw new Usage(`The local cloud of ${state} has no zone ${zone}.`);
  if (loopbackUrl(api) === null) throw new Usage(`--url takes an address of this machine, not ${api}.`);
  if (ports.listen === undefined)
    throw new Usage(`Restart the local cloud of ${state}: it is older than this command.`);
  return { state, listenPort: ports.listen, api, key };
}

/** Where its control endpoint listens. */
export const controlPortOf = async (state: string | undefined): Promise<number> => (await localPorts(state)).control;

export const localPorts = (state: string | undefined): Promise<Ports> => portsOf(resolve(state ?? projectState));

/** The deployer's credentials and endpoint, for as long as the local cloud runs. */
export async function deployerOf(stateFolder: string | undefined): Promise<v.InferOutput<typeof Deployer>> {
  const state = resolve(stateFolder ?? projectState);
  const deployer = await read(state, deployerFile, Deployer);
  if (deployer !== undefined) return deployer;
  throw new Usage(`Restart the local cloud of ${state}: it is older than this command.`);
}

async function portsOf(state: string): Promise<Ports> {
  const ports = await read(state, portsFile, Ports);
  if (ports !== undefined) return ports;
  throw new Usage(`There is no local cloud in ${state}. Start one with npm start, or name its folder with --state.`);
}

/** Undefined: the file is missing, or another version of the local cloud wrote it. */
async function read<Schema extends v.GenericSchema>(
  state: string,
  name: string,
  schema: Schema,
): Promise<v.InferOutput<Schema> | undefined> {
  const text = await readFile(join(state, name), 'utf8').catch(() => undefined);
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
  return parsed.success ? parsed.output : undefined;
}

/** Null: the text is no plain address of this machine. */
export function loopbackUrl(text: string): URL | null {
  const parsed = URL.parse(text);
  const local = parsed?.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(parsed.hostname);
  return local && parsed.username === '' && parsed.password === '' && parsed.hash === '' ? parsed : null;
}

/** What the client threw, as an error that the person at the terminal can act on. */
export function toUserError(thrown: unknown, { state }: LocalCloud): unknown {
  if (thrown instanceof ConnectionError)
    return new Usage(`The local cloud of ${state} does not answer: is npm start running?`);
  if (!(thrown instanceof StrongroomError)) return thrown;
  const places = thrown.errors.map(({ pointer = '', detail }) => `\n  ${pointer} ${detail}`);
  return new Usage(`The local cloud refuses (${thrown.code}): ${thrown.message}${places.join('')}`);
}
