// What the runtime is given when its costs are counted: AWS in memory, a clock that moves when told, a processor that
// approves. Equal runs are alike, so equal counts are no accident.

import { createHash } from 'node:crypto';
import { readConfig } from '../../lambdas/kernel/platform/config.ts';
import type { Platform } from '../../lambdas/kernel/platform/platform.ts';
import type { ProviderFact } from '../../lambdas/processors/domain/fact.ts';
import type { Processor } from '../../lambdas/processors/processor.ts';
import { testPaymentMethods } from '../../lambdas/processors/test/payment_methods.ts';
import type { Clients } from '../../test/kit/aws/answered.ts';
import { environment } from '../../test/kit/aws/environment.ts';
import { onlyRegion } from '../../test/kit/aws/writer.ts';

/** Bytes that look random and are the same in every run. */
export function bytesFrom(seed: string): (bytes: number) => Uint8Array {
  let drawn = 0;
  return (bytes) => {
    drawn += 1;
    const blocks = Array.from({ length: Math.ceil(bytes / 32) }, (_, block) =>
      createHash('sha256').update(`${seed} ${drawn} ${block}`).digest(),
    );
    return Buffer.concat(blocks).subarray(0, bytes);
  };
}

export interface ApprovingProcessor extends Processor {
  readonly asked: () => number;
}

/** Does at once whatever it is asked. */
const opened: ProviderFact = {
  kind: 'requires_payment_method',
  charge: 'ch_4kq2zmd7xw3htbn6rvcgy5je',
  client: { provider: 'test', url: 'https://processor.example.com/fields/ch_4kq2zmd7xw3htbn6rvcgy5je' },
  failed: null,
};

export function approvingProcessor(): ApprovingProcessor {
  let asked = 0;
  return {
    name: 'test',
    keyLifetimeMs: 86_400_000,
    asked: () => asked,
    accepts: (paymentMethod) => testPaymentMethods.has(paymentMethod),
    cancelsWaiting: true,
    send: async ({ charge, capture, kind, payment_method }) => {
      asked += 1;
      if (kind === 'charge' && payment_method === null) return opened;
      return {
        kind: 'approved',
        charge: charge ?? 'ch_4kq2zmd7xw3htbn6rvcgy5je',
        captured: kind !== 'charge' || capture,
      };
    },
    lookUp: async () => {
      asked += 1;
      return { kind: 'unknown' };
    },
  };
}

export const platformOf = (
  clients: Clients,
  { now, random }: { readonly now: () => number; readonly random: Platform['random'] },
): Platform => ({
  clock: now,
  config: readConfig(environment('counted', 'http://127.0.0.1:1')),
  random,
  sleep: () => Promise.resolve(),
  ...clients,
  log: () => {},
  meter: () => {},
  writer: onlyRegion,
});
