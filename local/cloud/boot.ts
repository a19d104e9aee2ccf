// Boots the local cloud step by step: ports, synthesis, engines, functions, API, streams, queues, schedules, demo tenants.
// When a step fails, everything that was started is stopped again before the error is reported.

import type { Server } from 'node:http';
import { createListener, type GatewayListener } from '../apigateway/listener.ts';
import { readAssembly, type ZoneAssembly } from '../cloudformation/assembly.ts';
import { deploy } from '../cloudformation/deployment.ts';
import { claimPort, listen, type PortPreference } from '../host/ports.ts';
import { openRecording } from '../iam/recording.ts';
import { createStartLimiter } from '../lambda/start_limiter.ts';
import { takeLock } from '../storage/lock.ts';
import { openState, type StateFolder } from '../storage/state.ts';
import { deployerFile, listenPort, Ports, portsFile, url } from './addresses.ts';
import type { Options } from './arguments.ts';
import { createControl } from './control.ts';
import { type Demo, provideDemo } from './demo.ts';
import { openAws } from './open_aws.ts';
import { type Processor, startProcessor } from './processor.ts';
import { say, step } from './progress.ts';
import { createRollback, type Rollback } from './rollback.ts';
import { synthesize } from './synth.ts';
import { type RunningZone, startZone, type ZoneContext } from './zone.ts';

export interface LocalCloud {
  readonly api: Readonly<Record<string, string>>;
  readonly provider: string;
  readonly control: string;
  /** Where webhooks of the test mode may be received. */
  readonly listen: string;
  readonly demo: Demo;
  /** Resolves with a sentence if something that everything needs has ended. */
  readonly broken: Promise<string>;
  stop(): Promise<void>;
}

export const boot = async (
  options: Options,
  projectRoot: string,
  warn: (text: string) => void,
): Promise<LocalCloud> => {
  const state = await openState(options.state);
  const rollback = createRollback();
  rollback.add(takeLock(state.path));
  try {
    return await start({ options, projectRoot, state, rollback, warn });
  } catch (thrown) {
    await rollback.run();
    throw thrown;
  }
};

interface BootContext {
  readonly options: Options;
  readonly projectRoot: string;
  readonly state: StateFolder;
  readonly rollback: Rollback;
  readonly warn: (text: string) => void;
}

const start = async (context: BootContext): Promise<LocalCloud> => {
  const { options, projectRoot, state, rollback, warn } = context;
  const remembered = await state.read(portsFile, Ports);
  await checkPorts(options);
  if (options.synth) await step('functions bundled, templates synthesized', () => synthesize(projectRoot));
  const assemblies = readAssembly(options.assembly, options.stage);
  const aws = await openAws(rollback, warn);
  const gateways = await openGateways(assemblies, context, remembered);
  const processor = await runProcessor(context, remembered);

  const listenAt = await listenPort(remembered?.listen);
  const zones = await startZones(assemblies, gateways, processor.url, context, {
    ...aws,
    stage: options.stage,
    state,
    listenOrigin: url(listenAt),
    recording: options.record === undefined ? undefined : openRecording(options.record),
    startLimiter: createStartLimiter(),
    warn,
    show: options.verbose ? warn : undefined,
  });

  const control = await openControl(zones, rollback, remembered?.control);
  const ports = { api: gateways.ports, processor: processor.port, control: control.port, listen: listenAt };
  await state.write(portsFile, ports satisfies Ports);
  await state.write(deployerFile, { stage: options.stage, endpoint: aws.awsUrl, credentials: aws.deployer });
  const demo = await provideTenants(zones, gateways.api, context, aws);
  control.ready();
  if (options.warm) for (const zone of zones) zone.warm();

  let stopping = false;
  return {
    api: gateways.api,
    provider: processor.url,
    control: url(control.port),
    listen: url(listenAt),
    demo,
    // Nothing has broken that ends because everything is being stopped.
    broken: brokenPart(zones, processor).then((sentence) => (stopping ? new Promise<string>(() => {}) : sentence)),
    stop() {
      stopping = true;
      return rollback.run();
    },
  };
};

/** Of `--port`: the first zone's API is at offset 0, the second's at 1, the test processor at 2. */
const requiredPort = ({ port }: Options, offset: number): number | undefined => port && port + offset;

/** Ports that are in use are reported before anything slow begins. */
const checkPorts = async (options: Options): Promise<void> => {
  if (options.port === undefined) return;
  for (const offset of [0, 1, 2]) await claimPort({ required: requiredPort(options, offset), what: '--port' });
};

interface Gateways {
  readonly listeners: ReadonlyMap<string, GatewayListener>;
  /** By zone. */
  readonly ports: Ports['api'];
  /** URL by zone. */
  readonly api: Readonly<Record<string, string>>;
}

const openGateways = async (
  assemblies: readonly ZoneAssembly[],
  { options, rollback }: BootContext,
  remembered: Ports | undefined,
): Promise<Gateways> => {
  const listeners = new Map<string, GatewayListener>();
  const ports: Ports['api'] = {};
  for (const [at, { zone }] of assemblies.entries()) {
    const listener = createListener();
    const portPreference: PortPreference = {
      required: at < 2 ? requiredPort(options, at) : undefined,
      remembered: remembered?.api[zone],
      what: `API of zone ${zone}`,
    };
    ports[zone] = await listen(rollback.closing(listener.server), portPreference);
    listeners.set(zone, listener);
  }
  return { listeners, ports, api: Object.fromEntries(Object.entries(ports).map(([zone, port]) => [zone, url(port)])) };
};

const runProcessor = async (
  { options, state, rollback }: BootContext,
  remembered: Ports | undefined,
): Promise<Processor & { readonly port: number }> => {
  const port = await claimPort({
    required: requiredPort(options, 2),
    remembered: remembered?.processor,
    what: 'the test processor',
  });
  const processor = await step(
    'test processor',
    () => startProcessor(port, state),
    ({ url }) => url,
  );
  rollback.add(() => processor.stop());
  return { ...processor, port };
};

const startZones = async (
  assemblies: readonly ZoneAssembly[],
  { listeners, api }: Gateways,
  processorUrl: string,
  { rollback }: BootContext,
  zoneContext: ZoneContext,
): Promise<readonly RunningZone[]> => {
  // What merchants put before a path; the version is part of it.
  const baseUrls = Object.fromEntries(Object.entries(api).map(([zone, url]) => [zone, `${url}/v1`]));
  const parameters = { TestProcessorUrl: processorUrl, BaseUrls: JSON.stringify(baseUrls) };
  const zones: RunningZone[] = [];
  for (const assembly of assemblies) {
    const { zone, secondRegion } = assembly;
    const listener = listeners.get(zone);
    if (listener === undefined) continue;
    const running = await step(
      `zone ${zone}: engine, tables, queues, functions, API, streams, schedules`,
      () => startZone(deploy(assembly, parameters, zoneContext.awsUrl), listener, zoneContext),
      ({ engine, tablesMade }) => `${api[zone]} (${engine.name}, ${tablesMade} new tables)`,
    );
    if (secondRegion.length > 0) {
      say(`          zone ${zone}: its second region is not run: ${secondRegion.join(', ')}`);
    }
    zones.push(running);
    rollback.add(() => running.stop());
  }
  return zones;
};

const openControl = async (
  zones: readonly RunningZone[],
  rollback: Rollback,
  remembered: number | undefined,
): Promise<{ readonly port: number; ready(): void }> => {
  let ready = false;
  const zoneOf = (name: string) => zones.find(({ deployment }) => deployment.zone === name);
  const control: Server = createControl({
    ready: () => ready,
    runSchedule: (zone, name) => zoneOf(zone)?.runSchedule(name),
    secrets: (zone) => zoneOf(zone)?.secrets(),
    rotateSecret: async (zone, name) => (await zoneOf(zone)?.rotateSecret(name)) === true,
  });
  const port = await listen(rollback.closing(control), { remembered, what: 'the control endpoint' });
  return {
    port,
    ready() {
      ready = true;
    },
  };
};

const provideTenants = async (
  zones: readonly RunningZone[],
  api: Readonly<Record<string, string>>,
  { options, projectRoot, state }: BootContext,
  { awsUrl, deployer }: Awaited<ReturnType<typeof openAws>>,
): Promise<Demo> => {
  if (!options.demo) return { operator_keys: {}, tenants: [] };
  const names = zones.map(({ deployment }) => deployment.zone);
  return step('operators and demo tenants', () =>
    provideDemo(names, state, { projectRoot, stage: options.stage, awsUrl, deployer, api }),
  );
};

/** Resolves with a sentence about the first part that ended. */
const brokenPart = (zones: readonly RunningZone[], processor: Processor): Promise<string> =>
  Promise.race([
    processor.ended.then((how) => `The test processor ended (${how}).`),
    ...zones.map(({ broken }) => broken),
    ...zones.map(
      async ({ engine, deployment }) => `The DynamoDB engine of ${deployment.zone} ended (${await engine.ended}).`,
    ),
  ]);
