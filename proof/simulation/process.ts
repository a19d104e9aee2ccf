// A process of a function, as Lambda runs it: one invocation at a time, memory that outlives invocations, and a death after
// which nothing of it ever goes on. Its calls to AWS and to the processor leave it through the network alone.

import type { FunctionName } from '../../contract/capabilities.ts';
import { variables } from '../../contract/kernel/environment.ts';
import { type Config, readConfig } from '../../lambdas/kernel/platform/config.ts';
import type { Platform } from '../../lambdas/kernel/platform/platform.ts';
import { writerOf } from '../../lambdas/kernel/store/writer.ts';
import { type AwsCall, answeredClients, type Clients } from '../../test/kit/aws/answered.ts';
import { environment } from '../../test/kit/aws/environment.ts';
import { byteSource } from './draw.ts';
import type { Timeline } from './timeline.ts';

/** What every process of a world shares. */
export interface Surroundings {
  readonly seed: number;
  readonly timeline: Timeline;
  execute(process: Process, call: AwsCall): Promise<object>;
  readonly log: Platform['log'];
  /** Absent: the only region of its zone. */
  readonly place?: RegionPlace;
}

/** One of a zone's two regions, as its processes see it. */
export interface RegionPlace {
  readonly region: string;
  /** How a process knows whether its region is the writer. */
  readonly writer: Config['writer'];
  /** How far its clock is ahead of the world's. */
  readonly aheadMs: number;
}

export const processorUrl = 'http://processor.test/';

const configs = new Map<string, Config>();
const configOf = (name: FunctionName, place: RegionPlace | undefined): Config => {
  const known = `${name} ${place?.region} ${place?.writer}`;
  const own = place && { AWS_REGION: place.region, [variables.writer]: place.writer };
  const config = configs.get(known) ?? readConfig({ ...environment(name, processorUrl), ...own });
  configs.set(known, config);
  return config;
};

/** SDK clients are slow to make, so a process takes those of one that died. Whose calls they carry is all they know. */
interface ReusableClients {
  readonly clients: Clients;
  owner: Process | null;
}
const spare: ReusableClients[] = [];

const makeClients = (): ReusableClients => {
  const made: ReusableClients = {
    clients: answeredClients((call) => made.owner?.call(call) ?? new Promise(() => {})),
    owner: null,
  };
  return made;
};

export class Process {
  readonly functionName: FunctionName;
  readonly platform: Platform;
  readonly #surroundings: Surroundings;
  #clients: ReusableClients | null;
  #address = '';
  #calls = 0;
  #trace: string | undefined;
  #random: (bytes: number) => Uint8Array = () => new Uint8Array();
  readonly #hearOfDeath = new Set<() => void>();

  constructor(functionName: FunctionName, surroundings: Surroundings) {
    this.functionName = functionName;
    this.#surroundings = surroundings;
    this.#clients = spare.pop() ?? makeClients();
    this.#clients.owner = this;
    const { timeline, log, place } = surroundings;
    const aheadMs = place?.aheadMs ?? 0;
    const clock = aheadMs === 0 ? timeline.now : () => timeline.now() + aheadMs;
    const { clients } = this.#clients;
    const config = configOf(functionName, place);
    this.platform = {
      clock,
      config,
      writer: writerOf({ clock, config, dynamodb: clients.dynamodb }),
      random: (bytes) => this.#random(bytes),
      sleep: (ms) =>
        new Promise((resolve) => {
          this.after(ms, resolve);
        }),
      ...clients,
      log: (message, fields) => this.alive && log(message, fields),
      meter: () => {},
    };
  }

  get alive(): boolean {
    return this.#clients !== null;
  }

  /** Where it is: of which invocation, and how many calls it has made in it. */
  begin(address: string, trace?: string): void {
    this.#address = address;
    this.#trace = trace;
    this.#calls = 0;
    this.#random = byteSource(this.#surroundings.seed, address);
  }

  nextAddress(): string {
    this.#calls += 1;
    return `${this.#address}#${this.#calls}`;
  }

  /** What leaves the process; of a dead one nothing does, not even of what still runs in the very moment of its death. */
  reach<T>(say: (hear: (answer: T | PromiseLike<T>) => void) => void): Promise<T> {
    return new Promise((resolve) => {
      if (this.alive) say(resolve);
    });
  }

  call(call: AwsCall): Promise<object> {
    const traced = this.#trace === undefined ? call : { ...call, trace: this.#trace };
    return this.reach((hear) => hear(this.#surroundings.execute(this, traced)));
  }

  /** What happens in the process; never once it is dead. */
  after(ms: number, happen: () => void): () => void {
    return this.#surroundings.timeline.after(ms, () => {
      if (this.alive) happen();
    });
  }

  /** Gives back what stops listening. */
  onDeath(hear: () => void): () => void {
    this.#hearOfDeath.add(hear);
    return () => this.#hearOfDeath.delete(hear);
  }

  die(): void {
    const clients = this.#clients;
    if (clients === null) return;
    this.#clients = null;
    clients.owner = null;
    for (const hear of this.#hearOfDeath) hear();
    // What still runs in this very moment must not speak through clients that are somebody else's already.
    this.#surroundings.timeline.after(0, () => spare.push(clients));
  }

  /** At the end of a world: its clients go to the next. */
  release(): void {
    if (this.#clients !== null) spare.push(this.#clients);
    this.#clients = null;
  }
}
