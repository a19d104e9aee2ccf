// Rotations, as Secrets Manager runs them: it calls the rotation function for four steps, one after the other. When a step
// fails, the rotation is attempted again from the first step, a few times by itself, and later on request or after a restart.

import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { localLimits } from '../host/limits.ts';
import type { Outcome } from '../lambda/process.ts';
import { type HeldSecret, stages } from './store.ts';
import type { StoredSecrets } from './stored_secrets.ts';

const steps = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;

export interface RotationsOptions {
  readonly secrets: StoredSecrets;
  readonly invoke: (functionArn: string, event: object) => Promise<Outcome>;
  readonly warn: (text: string) => void;
}

export interface Rotations {
  /** Attempts the secret's pending rotation, unless it is under way. */
  run(held: HeldSecret): void;
  /** Begins a rotation of the secret whose name ends so. False: there is none. */
  begin(name: string): Promise<boolean>;
  /** From now on secrets are rotated that are due, or whose rotation was interrupted. */
  start(): void;
  stop(): void;
  settled(): Promise<void>;
}

/** Resolves after the pause between two tries, or at once when `signal` is aborted. */
const pauseBetweenTries = (signal: AbortSignal): Promise<void> =>
  setTimeout(localLimits.rotationPauseMs, undefined, { signal }).catch(() => {});

/** Runs the four steps once. Resolves with what went wrong; undefined: the rotation is complete. */
const attempt = async (
  { secrets, invoke }: RotationsOptions,
  held: HeldSecret,
  token: string,
): Promise<string | undefined> => {
  const { secret, schedule } = held;
  for (const Step of steps) {
    const event = { Step, SecretId: secret.arn, ClientRequestToken: token };
    const outcome = await invoke(schedule?.functionArn ?? '', event);
    if (outcome.kind !== 'returned') return `${Step} ${outcome.kind}`;
  }
  if (held.of(token)?.stages.includes(stages.current) !== true) return 'its version did not become the current one';
  held.rotated();
  await secrets.keep();
  return undefined;
};

export const createRotations = (options: RotationsOptions): Rotations => {
  const { secrets, warn } = options;
  const underWay = new Map<HeldSecret, Promise<void>>();
  const stopped = new AbortController();
  let timer: NodeJS.Timeout | undefined;

  const failed = ({ secret }: HeldSecret, why: unknown): void => warn(`Rotation of ${secret.name}: ${String(why)}`);

  const rotate = async (held: HeldSecret, token: string): Promise<void> => {
    for (let tries = 1; !stopped.signal.aborted; tries += 1) {
      const fault = await attempt(options, held, token);
      if (fault === undefined || stopped.signal.aborted) return;
      failed(held, fault);
      if (tries === localLimits.rotationTries) return;
      await pauseBetweenTries(stopped.signal);
    }
  };

  const run = (held: HeldSecret): void => {
    const token = held.pending?.id;
    if (token === undefined || underWay.has(held) || stopped.signal.aborted) return;
    const running = rotate(held, token)
      .catch((thrown: unknown) => failed(held, thrown))
      .finally(() => underWay.delete(held));
    underWay.set(held, running);
  };

  const begin = async (held: HeldSecret): Promise<void> => {
    if (held.pending === undefined) {
      held.begin(randomUUID());
      await secrets.keep();
    }
    run(held);
  };

  const beginDue = (): void => {
    for (const held of secrets.held) {
      const due = held.dueAt !== undefined && held.dueAt * 1000 <= Date.now();
      if (due || held.pending !== undefined) begin(held).catch((thrown: unknown) => failed(held, thrown));
    }
  };

  return {
    run,
    async begin(name) {
      const held = secrets.held.find(({ secret, schedule }) => schedule && secret.name.endsWith(`-${name}`));
      if (held !== undefined) await begin(held);
      return held !== undefined;
    },
    start() {
      beginDue();
      timer = setInterval(beginDue, localLimits.rotationLookMs).unref();
    },
    stop() {
      stopped.abort();
      clearInterval(timer);
    },
    settled: async () => void (await Promise.all(underWay.values())),
  };
};
