// Boots the local cloud step by step: ports, synthesis, engines, functions, API, streams, queues, schedules, demo tenants.
// When a step fails, everything that was started is stopped again before the error is reported.

import type { Server } from 'node:http';
import { readAssembly, secondRegionOf, type ZoneAssembly } from '../cloudformation/assembly.ts';
import { claimPort, listen } from '../host/ports.ts';
import { UserError } from '../host/user_error.ts';
import { openRecording } from '../iam/recording.ts';
import { createClock, type FunctionClock } from '../lambda/clock.ts';
import { createStartLimiter } from '../lambda/start_limiter.ts';
import { takeLock } from '../storage/lock.ts';
import { openState, type StateFolder } from '../storage/state.ts';
import { deployerFile, listenPort, Ports, portsFile, url } from './addresses.ts';
import type { Options } from './arguments.ts';
import { createControl } from './control.ts';
import { type Demo, provideDemo } from './demo.ts';
import { type Gateways, openGateways, requiredPort } from './gateways.ts';
import { openAws } from './open_aws.ts';
import { type Processor, startProcessor } from './processor.ts';
import { say, step } from './progress.ts';
import type { ZoneContext } from './region.ts';
import { createRollback, type Rollback } from './rollback.ts';
import { synthesize } from './synth.ts';
import { type RunningZone, startZone } from './zone.ts';

export interface LocalCloud {
  readonly api: Readonly<Record<string, string>>;
  /** URL by region, of zones that run both. */
  readonly regions: Readonly<Record<string, string>>;
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
  checkBothRegions(assemblies, options);
  const gateways = await openGateways(assemblies, { options, rollback, remembered });
  const processor = await runProcessor(context, remembered);

  const listenAt = await listenPort(remembered?.listen);
  const clock = createClock();
  const zones = await startZones(assemblies, gateways, processor.url, context, {
    ...aws,
    stage: options.stage,
    state,
    listenOrigin: url(listenAt),
    hosts: options.hosts,
    recording: options.record === undefined ? undefined : openRecording(options.record),
    startLimiter: createStartLimiter(),
    clock,
    warn,
    show: options.verbose ? warn : undefined,
  });

  const control = await openControl(zones, rollback, clock, remembered?.control);
  const ports = { ...gateways.ports, processor: processor.port, control: control.port, listen: listenAt };
  await state.write(portsFile, ports satisfies Ports);
  await state.write(deployerFile, { stage: options.stage, endpoint: aws.awsUrl, credentials: aws.deployer });
  const demo = await provideTenants(zones, gateways.api, context, aws);
  control.ready();
  if (options.warm) for (const zone of zones) zone.region()?.warm();

  let stopping = false;
  return {
    api: gateways.api,
    regions: gateways.regions,
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

const checkBothRegions = (assemblies: readonly ZoneAssembly[], { bothRegions, stage }: Options): void => {
  for (const name of bothRegions) {
    const assembly = assemblies.find(({ zone }) => zone === name);
    if (assembly === undefined) throw new UserError(`--both-regions ${name}: stage ${stage} has no zone ${name}.`);
    if (secondRegionOf(assembly) === undefined)
      throw new UserError(`--both-regions ${name}: stage ${stage} has one region in it. Choose another with --stage.`);
  }
};

/** Ports that are in use are reported before anything slow begins. */
const checkPorts = async (options: Options): Promise<void> => {
  if (options.port === undefined) return;
  for (const offset of [0, 1, 2]) await claimPort({ required: requiredPort(options, offset), what: '--port' });
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
  gateways: Gateways,
  processorUrl: string,
  { rollback }: BootContext,
  zoneContext: ZoneContext,
): Promise<readonly RunningZone[]> => {
  // What merchants put before a path; the version is part of it.
  const baseUrls = Object.fromEntries(Object.entries(gateways.api).map(([zone, url]) => [zone, `${url}/v1`]));
  const parameters = { TestProcessorUrl: processorUrl, BaseUrls: JSON.stringify(baseUrls) };
  const zones: RunningZone[] = [];
  for (const assembly of assemblies) {
    const { zone } = assembly;
    const { regions: own, front } = gateways.zones.get(zone) ?? { regions: new Map(), front: undefined };
    const regions = [...own.keys()];
    const running = await step(
      `zone ${zone}: engine, tables, queues, functions, API, streams, schedules`,
      () => startZone({ assembly, parameters, gateways: own, front }, zoneContext),
      (started) => `${gateways.api[zone]} (${started.made}${regions.length > 1 ? `; ${regions.join(' and ')}` : ''})`,
    );
    const left = secondRegionOf(assembly);
    if (left !== undefined && !regions.includes(left))
      say(`          zone ${zone}: its second region ${left} is not run (--both-regions ${zone})`);
    zones.push(running);
    rollback.add(() => running.stop());
  }
  return zones;
};

const openControl = async (
  zones: readonly RunningZone[],
  rollback: Rollback,
  clock: FunctionClock,
  remembered: number | undefined,
): Promise<{ readonly port: number; ready(): void }> => {
  let ready = false;
  const regionOf = (name: string, region: string | undefined) =>
    zones.find(({ zone }) => zone === name)?.region(region);
  const control: Server = createControl({
    ready: () => ready,
    runSchedule: (zone, name, region) => regionOf(zone, region)?.runSchedule(name),
    secrets: (zone) => regionOf(zone, undefined)?.secrets(),
    rotateSecret: async (zone, name) => (await regionOf(zone, undefined)?.rotateSecret(name)) === true,
    changeRegion: async (name, how) => zones.find(({ regions }) => regions.includes(name))?.change(name, how) ?? false,
    advanceClock: clock.advance,
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
  const names = zones.map(({ zone }) => zone);
  return step('operators and demo tenants', () =>
    provideDemo(names, state, { projectRoot, stage: options.stage, awsUrl, deployer, api }),
  );
};

/** Resolves with a sentence about the first part that ended. */
const brokenPart = (zones: readonly RunningZone[], processor: Processor): Promise<string> =>
  Promise.race([
    processor.ended.then((how) => `The test processor ended (${how}).`),
    ...zones.map(({ broken }) => broken),
  ]);
