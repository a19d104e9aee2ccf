// What a world leaves behind, for whoever judges.

import type { Fields } from '../../lambdas/kernel/platform/log.ts';
import type { MemoryAws } from '../../test/kit/aws/memory.ts';
import type { Acted } from './acts.ts';
import type { Heard } from './clients.ts';
import type { Fault } from './faults.ts';
import type { Merchant } from './merchants.ts';
import type { Plan } from './plan.ts';
import type { Forged } from './plan_forgeries.ts';
import type { SimulatedProcessor } from './processor.ts';
import type { ProcessorNotification } from './provider_webhooks.ts';
import type { Hit } from './receivers.ts';

/** A fault that happened. */
export interface Met {
  readonly address: string;
  readonly fault: Fault;
  /** Since the start of the world. */
  readonly atMs: number;
}

export interface Aftermath {
  readonly plan: Plan;
  readonly aws: MemoryAws;
  readonly processor: SimulatedProcessor;
  readonly merchants: readonly Merchant[];
  /** What clients heard, by intention; what readers heard, by reader. */
  readonly heard: ReadonlyMap<string, readonly Heard[]>;
  /** Who reads, by position among the merchants. */
  readonly readers: ReadonlyMap<string, number>;
  /** Ids that each merchant named itself. */
  readonly named: readonly ReadonlySet<string>[];
  /** The payment that an intention made. */
  readonly payments: ReadonlyMap<string, string>;
  readonly webhooks: {
    /** What was sent to receivers. */
    readonly hits: readonly Hit[];
    readonly challenges: readonly Hit[];
    /** When each delivery was over first (ms since the epoch). */
    readonly overAtMs: ReadonlyMap<string, number>;
    /** Messages of each batch that was handed to a function, by its address. */
    readonly batches: ReadonlyMap<string, readonly string[]>;
    /** What merchants did about their endpoints and deliveries. */
    readonly acted: readonly Acted[];
  };
  /** What the processor told of its own accord. */
  readonly notifications: readonly ProcessorNotification[];
  /** Facts that somebody wrote, and that lie. */
  readonly forged: readonly Forged[];
  readonly met: readonly Met[];
  /** Log lines that tell of a bug. */
  readonly defects: readonly Fields[];
  /** Who never came to an end, and why the world ended all the same. */
  readonly unfinished: readonly string[];
  /** How many of its intentions anybody asked for: what changes a payment that never was is not asked for. */
  readonly asked: number;
  readonly counted: { readonly requests: number; readonly calls: number; readonly events: number };
}
