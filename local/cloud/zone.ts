// One zone, running: its home region, or both regions with what lies between them: replication, what both share, and the
// address that leads to one of them. Zones share nothing but this process.

import type { GatewayListener } from '../apigateway/listener.ts';
import { secondRegionOf, type ZoneAssembly } from '../cloudformation/assembly.ts';
import { type Deployment, deploy, type Parameters } from '../cloudformation/deployment.ts';
import { chooseEngine, type Engine, engineOf, replicatingEngine, startEngine } from '../dynamodb/engine.ts';
import { isStrong } from '../dynamodb/known.ts';
import { engineCalls, type Replicator, startReplicator } from '../dynamodb/replicator.ts';
import { StrongWrites } from '../dynamodb/strong_tables.ts';
import { localLimits } from '../host/limits.ts';
import { listen } from '../host/ports.ts';
import { type KmsKeys, replicaKeys, zoneKeys } from '../kms/keys.ts';
import { zoneSecrets } from '../secretsmanager/generated_secret.ts';
import { openSecrets, replicaSecrets, type StoredSecrets } from '../secretsmanager/stored_secrets.ts';
import { openState } from '../storage/state.ts';
import { url } from './addresses.ts';
import { type Failover, failoverAlarms, startFailover } from './failover.ts';
import type { Front } from './front.ts';
import { type RunningRegion, startRegion, type ZoneContext } from './region.ts';

/** Where a region's API is served, which outlives the region. */
export interface RegionGateway {
  readonly listener: GatewayListener;
  readonly port: number;
}

export interface ZoneOptions {
  readonly assembly: ZoneAssembly;
  /** Of both regions alike. */
  readonly parameters: Parameters;
  /** By region, those that are to run: the home, or both. */
  readonly gateways: ReadonlyMap<string, RegionGateway>;
  /** The address before both. */
  readonly front: Front | undefined;
}

/** What may be done to a region, as a disaster would. */
export type RegionChange = 'kill' | 'start' | 'isolate' | 'rejoin';
export const regionChanges: readonly RegionChange[] = ['kill', 'start', 'isolate', 'rejoin'];

export interface RunningZone {
  readonly zone: ZoneAssembly['zone'];
  readonly home: string;
  /** Those that are run, the home first. */
  readonly regions: readonly string[];
  /** What its start made, for people. */
  readonly made: string;
  /** The home where none is named. Undefined: it is not run, or was killed. */
  region(name?: string): RunningRegion | undefined;
  /** False: there is nothing to change. */
  change(name: string, how: RegionChange): Promise<boolean>;
  /** Resolves with a sentence if something ended that nobody killed. */
  readonly broken: Promise<string>;
  stop(): Promise<void>;
}

/** The function that renews the lease of the writer region. */
const leaseFunction = 'writer_lease';

/** What does not end with a region. */
interface Shared {
  readonly keys: KmsKeys;
  readonly secrets: StoredSecrets;
  readonly strongEngine: Engine | undefined;
  readonly strongWrites: StrongWrites;
}

class Zone implements RunningZone {
  readonly zone: ZoneAssembly['zone'];
  readonly home: string;
  readonly regions: readonly string[];
  readonly broken: Promise<string>;
  readonly #options: ZoneOptions;
  readonly #context: ZoneContext;
  readonly #shared: Shared;
  readonly #running = new Map<string, RunningRegion>();
  readonly #isolated = new Set<string>();
  #failover: Failover | undefined;
  #replicators: readonly { readonly from: string; readonly loop: Replicator }[] = [];
  readonly #broke = Promise.withResolvers<string>();

  constructor(options: ZoneOptions, context: ZoneContext, shared: Shared) {
    this.zone = options.assembly.zone;
    this.home = options.assembly.region;
    this.regions = [...options.gateways.keys()];
    this.broken = this.#broke.promise;
    this.#options = options;
    this.#context = context;
    this.#shared = shared;
  }

  /** Between all regions that run. */
  startReplication(): void {
    this.#replicators = this.regions.flatMap((from) =>
      this.regions.filter((to) => to !== from).map((to) => ({ from, loop: this.#replicate(from, to) })),
    );
  }

  get made(): string {
    const { engine, tablesMade } = this.#running.get(this.home) ?? {};
    return `${engine?.name}, ${tablesMade} new tables`;
  }

  region(name = this.home): RunningRegion | undefined {
    return this.#running.get(name);
  }

  async change(name: string, how: RegionChange): Promise<boolean> {
    if (!this.regions.includes(name)) return false;
    switch (how) {
      case 'kill':
        return this.#kill(name);
      case 'start':
        return this.#restart(name);
      default:
        if (how === 'isolate') this.#isolated.add(name);
        else this.#isolated.delete(name);
        for (const { loop } of this.#replicators)
          if (this.#isolated.size > 0) loop.cut();
          else loop.mend();
        return true;
    }
  }

  async stop(): Promise<void> {
    this.#failover?.stop();
    await Promise.all(this.#replicators.map(({ loop }) => loop.stop()));
    await Promise.all([...this.#running.values()].map((region) => region.stop()));
    await this.#shared.strongEngine?.stop();
  }

  async start(name: string): Promise<void> {
    const { assembly, parameters, gateways } = this.#options;
    const { keys, secrets, ...shared } = this.#shared;
    const isHome = name === this.home;
    const other = [...gateways].find(([region]) => region !== name)?.[1].port;
    const ofRegion = { ...parameters, OtherRegionUrl: other === undefined ? '' : url(other) };
    const deployment = deploy(assembly, ofRegion, this.#context.awsUrl, name);
    const state = isHome ? this.#context.state : await openState(this.#context.state.file(name));
    const gateway = gateways.get(name);
    if (gateway === undefined) return;
    if (!isHome) this.#follow(name, deployment);
    const region = await startRegion(deployment, gateway.listener, {
      ...this.#context,
      ...shared,
      state,
      program: this.regions.length > 1 ? replicatingEngine(this.zone, state) : engineOf(this.zone, state),
      keys: isHome ? keys : replicaKeys(deployment, keys),
      secrets: isHome ? secrets : replicaSecrets(deployment, secrets),
      observe: isHome ? undefined : (logGroup, line) => this.#failover?.observe(logGroup, line),
      isReachable: () => !this.#isolated.has(name),
      onWrite: () => {
        for (const { from, loop } of this.#replicators) if (from === name) loop.nudge();
      },
    });
    this.#running.set(name, region);
    await this.#renewLease(region);
    const replicated = this.regions.length > 1 ? region.tables : [];
    for (const TableName of replicated)
      await region.engine.client.call('DynamoDB_20120810.BeginReplication', { TableName });
    this.#watch(name, region);
  }

  /**
   * In AWS the schedule never pauses for longer than its minute. After a pause of this machine the lease has ended, and until the
   * first minute is over nobody would take writes.
   */
  async #renewLease({ deployment, runSchedule }: RunningRegion): Promise<void> {
    if (!deployment.of('AWS::DynamoDB::GlobalTable').some(isStrong)) return;
    const outcome = await runSchedule(leaseFunction);
    if (outcome !== undefined && outcome.kind !== 'returned')
      this.#context.warn(`${deployment.region}: ${leaseFunction} ${outcome.kind} at the start`);
  }

  /** The address before both follows alarms of the second region. */
  #follow(second: string, deployment: Deployment): void {
    const { front, gateways } = this.#options;
    this.#failover?.stop();
    const alarms = failoverAlarms(deployment);
    if (front === undefined) return;
    this.#failover = startFailover({
      alarms,
      clock: this.#context.clock,
      isWatching: () => this.#running.has(second),
      lead: (to) => {
        const region = to === 'home' ? this.home : second;
        front.lead(gateways.get(region)?.port ?? 0);
        this.#context.warn(`Zone ${this.zone}: its address leads to ${region} now.`);
      },
    });
  }

  #watch(name: string, region: RunningRegion): void {
    const broke = (sentence: string): void => {
      if (this.#running.get(name) === region) this.#broke.resolve(sentence);
    };
    region.broken.then(broke);
    region.engine.ended.then((how) => broke(`The DynamoDB engine of ${name} ended (${how}).`));
  }

  async #kill(name: string): Promise<boolean> {
    const region = this.#running.get(name);
    const server = this.#options.gateways.get(name)?.listener.server;
    if (region === undefined) return false;
    this.#running.delete(name);
    server?.close();
    server?.closeAllConnections();
    await region.kill();
    return true;
  }

  async #restart(name: string): Promise<boolean> {
    const gateway = this.#options.gateways.get(name);
    if (gateway === undefined || this.#running.has(name)) return false;
    await this.start(name);
    await listen(gateway.listener.server, { required: gateway.port, what: `API of ${name}` });
    return true;
  }

  #replicate(from: string, to: string): Replicator {
    const clientOf = (region: string) => {
      const client = this.#running.get(region)?.engine.client;
      if (client === undefined) throw new Error(`${region} is down`);
      return client;
    };
    const ends = engineCalls(
      () => clientOf(from),
      () => clientOf(to),
    );
    const { warn } = this.#context;
    return startReplicator({ name: `${from} to ${to}`, ends, lagMs: localLimits.replicationLagMs, warn });
  }
}

const openShared = async (
  home: Deployment,
  runsBoth: boolean,
  { state }: Pick<ZoneContext, 'state'>,
): Promise<Shared> => {
  const hasStrong = home.of('AWS::DynamoDB::GlobalTable').some(isStrong);
  return {
    keys: await zoneKeys(home, state),
    secrets: await openSecrets(home, await zoneSecrets(home, state), state),
    strongEngine:
      runsBoth && hasStrong
        ? await startEngine(`${home.zone}-shared`, home.region, state, chooseEngine('memory'))
        : undefined,
    strongWrites: new StrongWrites(),
  };
};

export const startZone = async (options: ZoneOptions, context: ZoneContext): Promise<RunningZone> => {
  const { assembly, parameters, gateways } = options;
  const shared = await openShared(deploy(assembly, parameters, context.awsUrl), gateways.size > 1, context);
  const zone = new Zone(options, context, shared);
  for (const region of gateways.keys()) await zone.start(region);
  zone.startReplication();
  return zone;
};

/** Regions of the zone that are to run. */
export const regionsToRun = (assembly: ZoneAssembly, both: readonly string[]): string[] => {
  const second = both.includes(assembly.zone) ? secondRegionOf(assembly) : undefined;
  return second === undefined ? [assembly.region] : [assembly.region, second];
};
