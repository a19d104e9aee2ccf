// Rotations, as Secrets Manager runs them: the function is asked for four steps, one after the other; what fails is
// attempted again from the first, a few times, and then when somebody asks or the local cloud starts anew.

import { randomUUID } from 'node:crypto';
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
  /** Attempts the rotation that waits, unless that is under way. */
  run(held: HeldSecret): void;
  /** By the end of the secret's name. False: there is none. */
  begin(name: string): Promise<boolean>;
  /** From now on what is due, or was interrupted, is rotated. */
  start(): void;
  stop(): void;
  settled(): Promise<void>;
}

export const createRotations = ({ secrets, invoke, warn }: RotationsOptions): Rotations => {
  const underWay = new Map<HeldSecret, Promise<void>>();
  const stopped = new AbortController();
  let look: NodeJS.Timeout | undefined;

  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(done, localLimits.rotationPauseMs);
      function done(): void {
        clearTimeout(timer);
        stopped.signal.removeEventListener('abort', done);
        resolve();
      }
      stopped.signal.addEventListener('abort', done);
    });

  /** What went wrong; undefined: it is complete. */
  const attempt = async (held: HeldSecret, token: string): Promise<string | undefined> => {
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

  const rotate = async (held: HeldSecret, token: string): Promise<void> => {
    for (let tries = 1; !stopped.signal.aborted; tries += 1) {
      const fault = await attempt(held, token);
      if (fault === undefined || stopped.signal.aborted) return;
      warn(`Rotation of ${held.secret.name}: ${fault}`);
      if (tries === localLimits.rotationTries) return;
      await pause();
    }
  };

  const run = (held: HeldSecret): void => {
    const token = held.pending?.id;
    if (token === undefined || underWay.has(held) || stopped.signal.aborted) return;
    const running = rotate(held, token)
      .catch((thrown: unknown) => warn(`Rotation of ${held.secret.name}: ${String(thrown)}`))
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

  const lookWhatIsDue = (): void => {
    for (const held of secrets.held) {
      const due = held.dueAt !== undefined && held.dueAt * 1000 <= Date.now();
      if (due || held.pending !== undefined)
        begin(held).catch((thrown: unknown) => warn(`Rotation of ${held.secret.name}: ${String(thrown)}`));
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
      lookWhatIsDue();
      look = setInterval(lookWhatIsDue, localLimits.rotationLookMs);
      look.unref();
    },
    stop() {
      stopped.abort();
      clearInterval(look);
    },
    settled: async () => void (await Promise.all(underWay.values())),
  };
};
