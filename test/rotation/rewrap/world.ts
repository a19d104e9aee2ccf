// A zone in memory whose KMS keys rotate, on a clock that moves when somebody waits: runs of the rewrapper as processes that die
// at any call, and requests of others that seal and open meanwhile, each in a process that has just started.

import { createHash } from 'node:crypto';
import { type WrappingKey, wrappingKeys } from '../../../contract/kernel/kms_keys.ts';
import { rewrapLimits } from '../../../contract/rotation/limits.ts';
import { keyring } from '../../../lambdas/kernel/crypto/keyring.ts';
import { type Config, readConfig } from '../../../lambdas/kernel/platform/config.ts';
import type { Platform } from '../../../lambdas/kernel/platform/platform.ts';
import { dataKeys } from '../../../lambdas/kernel/store/data_keys.ts';
import type { Certificate } from '../../../lambdas/rotation/domain/rewrap.ts';
import { type Rewrapped, rewrap } from '../../../lambdas/rotation/rewrap/rewrap.ts';
import { recordsOf } from '../../../lambdas/rotation/store/runs.ts';
import { recorded } from '../../../proof/privileges/recorder.ts';
import { type AwsCall, answeredClients, type Clients } from '../../kit/aws/answered.ts';
import { environment, keyArn } from '../../kit/aws/environment.ts';
import { memoryAws } from '../../kit/aws/memory.ts';
import { onlyRegion } from '../../kit/aws/writer.ts';

const start = Date.UTC(2027, 0, 1);
export const dayMs = 86_400_000;

/**
 * What becomes of one call, and of its process: it dies before the call leaves it, after the call was carried out, or with
 * the call under way, which is carried out when a later run is at work. Or it lives, and the call fails, or its first answer is
 * lost and the SDK asks again.
 */
export type Fault = 'dies_before' | 'dies_after' | 'arrives_late' | 'asked_again' | Error;

/** By the number of the call in its run. */
export type Faults = (call: AwsCall, index: number) => Fault | undefined;

interface Owned {
  readonly clients: Clients;
  owner: ((call: AwsCall) => Promise<object>) | null;
}
const hangs = (): Promise<never> => new Promise(() => {});
/** SDK clients are slow to make, so a process takes those of one that is gone. */
const spare: Owned[] = [];
const clientsOwnedBy = (owner: NonNullable<Owned['owner']>): Owned => {
  const found = spare.pop();
  if (found !== undefined) return Object.assign(found, { owner });
  const made: Owned = { owner, clients: answeredClients((call) => made.owner?.(call) ?? hangs()) };
  return made;
};

const configs = new Map<string, Config>();
const configOf = (name: string): Config => {
  const config = configs.get(name) ?? readConfig(environment(name, 'http://127.0.0.1:1'));
  configs.set(name, config);
  return config;
};

export interface Given {
  /** Data keys of each wrapping key. */
  readonly rows: Readonly<Partial<Record<WrappingKey, number>>>;
  /** Writes down what the rewrapper asks of AWS (proof/privileges). */
  readonly recorded?: boolean;
  /** DynamoDB may end a page before its limit, wherever it likes. */
  readonly pageRows?: number;
}

export class World {
  nowMs = start;
  readonly calls: AwsCall[] = [];
  readonly logged: { readonly message: string; readonly fields: object }[] = [];
  /** Happens before each call of the rewrapper. */
  meanwhile: (call: AwsCall) => Promise<void> | void = () => {};
  readonly #sealed: { readonly wrapping: WrappingKey; readonly tenant: string; readonly text: Uint8Array }[] = [];
  readonly #late: (() => void)[] = [];
  readonly #aws;
  readonly #pageRows: number;
  readonly #recorded: boolean;
  #drawn = 0;

  constructor({ pageRows = rewrapLimits.pageRows, recorded = false }: Omit<Given, 'rows'>) {
    this.#pageRows = pageRows;
    this.#recorded = recorded;
    this.#aws = memoryAws({ now: () => this.nowMs, random: (bytes) => this.random(bytes) });
  }

  random(bytes: number): Uint8Array {
    this.#drawn += 1;
    return createHash('shake256', { outputLength: bytes }).update(String(this.#drawn)).digest();
  }

  answer(call: AwsCall): object {
    const { operation, input } = call;
    return this.#aws.answer(operation === 'Scan' ? { ...call, input: { ...input, Limit: this.#pageRows } } : call);
  }

  platform(clients: Clients, name: string): Platform {
    return {
      ...clients,
      clock: () => this.nowMs,
      config: configOf(name),
      random: (bytes) => this.random(bytes),
      sleep: async (ms) => {
        this.nowMs += ms;
      },
      log: (message, fields) => void this.logged.push({ message, fields }),
      meter: () => {},
      writer: onlyRegion,
    };
  }

  /** What a process does that has just started, has nothing in memory, and meets no fault. */
  async freshly<T>(name: string, act: (platform: Platform) => Promise<T>): Promise<T> {
    const owned = clientsOwnedBy(async (call) => this.answer(call));
    try {
      return await act(this.platform(owned.clients, name));
    } finally {
      owned.owner = null;
      spare.push(owned);
    }
  }

  #place(tenant: string) {
    return { tenant, mode: 'live', purpose: 'reply', table: 'payments', item: 'pay_1', field: 'reply' } as const;
  }

  seal(wrapping: WrappingKey, tenant: string): Promise<void> {
    return this.freshly('money', async (platform) => {
      const text = await keyring(platform, wrapping, dataKeys(platform)).seal(`of ${tenant}`, this.#place(tenant));
      this.#sealed.push({ wrapping, tenant, text });
    });
  }

  /** Throws where one does not open. */
  async open(index: number): Promise<void> {
    const sealed = this.#sealed[index % this.#sealed.length];
    if (sealed === undefined) return;
    const { wrapping, tenant, text } = sealed;
    const opened = await this.freshly('read', (platform) =>
      keyring(platform, wrapping, dataKeys(platform)).open(text, this.#place(tenant)),
    );
    if (opened !== `of ${tenant}`) throw new Error(`it opened as ${opened}`);
  }

  async openAll(): Promise<void> {
    for (const index of this.#sealed.keys()) await this.open(index);
  }

  rotate(key: WrappingKey): void {
    this.answer({ service: 'kms', operation: 'RotateKeyOnDemand', input: { KeyId: keyArn(key) } });
  }

  /** How many rows of the key there are, by the material that each is under: 0 is the first. */
  materials(key: WrappingKey): Record<number, number> {
    const ask = (operation: string, input: object) => this.answer({ service: 'kms', operation, input });
    const { Rotations } = ask('ListKeyRotations', { KeyId: keyArn(key) }) as { Rotations: { KeyMaterialId: string }[] };
    const found: Record<number, number> = {};
    for (const item of this.rows(key)) {
      const context = { zone: 'us', tenant: item.tenant, purpose: key, key: item.name };
      const { SourceKeyMaterialId } = ask('ReEncrypt', {
        CiphertextBlob: item.wrapped,
        SourceKeyId: keyArn(key),
        SourceEncryptionContext: context,
        DestinationKeyId: keyArn(key),
        DestinationEncryptionContext: context,
      }) as { SourceKeyMaterialId: string };
      const at = Rotations.findIndex(({ KeyMaterialId }) => KeyMaterialId === SourceKeyMaterialId);
      found[at] = (found[at] ?? 0) + 1;
    }
    return found;
  }

  rows(key: WrappingKey) {
    return [...this.#aws.database.items('data_keys')].flatMap((item) => {
      const [tenant = '', wrapping] = (item.pk?.S ?? '').split('#');
      const [day = '', number = ''] = (item.sk?.S ?? '').split('.');
      if (wrapping !== key) return [];
      return [{ item, tenant, name: `${Number(day)}.${number}`, wrapped: item.wrapped?.B }];
    });
  }

  certificates(key: WrappingKey): Promise<readonly Certificate[]> {
    return this.freshly('test', async (platform) => (await recordsOf(platform, key)).certificates);
  }

  /** One run of the rewrapper; `died` where its process did. */
  run(faults: Faults = () => undefined, runMs: number = rewrapLimits.functionTimeoutMs): Promise<Rewrapped[] | 'died'> {
    const died = Promise.withResolvers<'died'>();
    const waiting = this.#late.splice(0);
    let index = 0;
    const owned = clientsOwnedBy(async (call) => {
      await this.meanwhile(call);
      if (owned.owner === null) return hangs();
      // What an earlier process had sent arrives in the middle of this one's work.
      if (index === 4) for (const arrives of waiting.splice(0)) arrives();
      const fault = faults(call, index);
      index += 1;
      this.calls.push(call);
      if (fault instanceof Error) throw fault;
      if (fault === 'asked_again') this.answer(call);
      if (fault === undefined || fault === 'asked_again') return this.answer(call);
      if (fault === 'dies_after') this.answer(call);
      if (fault === 'arrives_late') this.#late.push(() => this.#arrive(call));
      owned.owner = null;
      died.resolve('died');
      return hangs();
    });
    const platform = this.platform(owned.clients, 'rewrapper');
    const ran = rewrap(this.#recorded ? recorded(platform, 'rewrapper') : platform, 'req-1', runMs);
    return Promise.race([ran, died.promise]).finally(() => {
      owned.owner = null;
      // A late answer of a process that is gone must find nobody.
      if (index > 0) spare.push(owned);
    });
  }

  /** Nobody hears how it went. */
  #arrive(call: AwsCall): void {
    try {
      this.answer(call);
    } catch {
      // Its condition did not hold any more.
    }
  }

  /** Runs, an hour apart, until nothing is left to do. */
  async runToTheEnd(most = 12): Promise<void> {
    for (let runs = 0; runs < most; runs += 1) {
      const results = await this.run();
      if (results !== 'died' && results.every(({ state }) => state === 'certified')) return;
      this.nowMs += rewrapLimits.everyMinutes * 60_000;
    }
    throw new Error('the run came to no end');
  }
}

/** A world with data keys of many tenants, from before the first rotation. */
export async function worldOf({ rows, ...given }: Given): Promise<World> {
  const world = new World(given);
  for (const key of wrappingKeys) {
    for (let tenant = 0; tenant < (rows[key] ?? 0); tenant += 1) await world.seal(key, `ten_us_${key}${tenant}`);
  }
  world.nowMs += dayMs;
  return world;
}
