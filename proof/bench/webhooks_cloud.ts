// AWS on a virtual clock: calls take the model's time and the CPU of the environment that makes them, and are counted. The
// code that calls is the product's own.

import { type FunctionName, functions } from '../../contract/capabilities.ts';
import { readConfig } from '../../lambdas/kernel/platform/config.ts';
import { functionLog } from '../../lambdas/kernel/platform/log.ts';
import { functionMeter } from '../../lambdas/kernel/platform/meter.ts';
import type { Platform } from '../../lambdas/kernel/platform/platform.ts';
import { type AwsCall, answeredClients, type Clients } from '../../test/kit/aws/answered.ts';
import { environment } from '../../test/kit/aws/environment.ts';
import { type MemoryAws, memoryAws } from '../../test/kit/aws/memory.ts';
import { onlyRegion } from '../../test/kit/aws/writer.ts';
import { drawFrom } from '../simulation/draw.ts';
import type { Timeline } from '../simulation/timeline.ts';
import { bytesFrom } from './surroundings.ts';
import { model, type Span } from './webhooks_model.ts';
import { countedAnswer, nothing, type Use, weigh } from './webhooks_use.ts';

/** Numbers from 0 to 1, the same in every run. */
export function chance(seed: number): () => number {
  const fraction = drawFrom(seed).fractions('bench');
  let drawn = 0;
  return () => {
    drawn += 1;
    return fraction(drawn);
  };
}

const spanOf: Readonly<Record<string, Span>> = {
  PutItem: model.callMs.write,
  UpdateItem: model.callMs.write,
  TransactWriteItems: model.callMs.write,
  BatchExecuteStatement: model.callMs.batchWrite,
  SendMessageBatch: model.callMs.queue,
  PutEvents: model.callMs.bus,
  Decrypt: model.callMs.key,
};

const { log } = functionLog({ service: 'strongroom', level: 'INFO', sampleRate: 0 });
const meter = functionMeter();

export interface Environment {
  readonly platform: Platform;
  /** Until the environment's share of a core has done so much of a whole core's work. */
  work(cpuMs: number): Promise<void>;
}

export interface CloudOptions {
  readonly timeline: Timeline;
  readonly random: () => number;
  /** Hears of each call when it is carried out. */
  readonly observed: (call: AwsCall) => void;
}

export interface Cloud {
  readonly aws: MemoryAws;
  readonly uses: Readonly<Record<'relay' | 'deliver' | 'dispatcher', Use>>;
  between(span: Span): number;
  environmentOf(name: keyof Cloud['uses']): Environment;
  /** One run of a function in an environment; takes the time of its start. */
  invoke<T>(name: keyof Cloud['uses'], isNew: boolean, run: () => Promise<T>): Promise<T>;
}

const mibOf = (name: FunctionName): number => functions[name].memoryMiB;

const draw = (random: () => number, [from, to]: Span): number => from + random() * (to - from);

const callTimeMs = ({ operation }: AwsCall, random: () => number): number =>
  draw(random, spanOf[operation] ?? model.callMs.read) +
  (random() < model.slowCall.share ? draw(random, model.slowCall.ms) : 0);

/** An environment works on one thing after the other, with its share of a core. */
const workOf = (timeline: Timeline, memoryMiB: number): Environment['work'] => {
  const slowness = model.mebibytesPerCore / memoryMiB;
  let busyUntilMs = 0;
  return (cpuMs) => {
    busyUntilMs = Math.max(busyUntilMs, timeline.now()) + cpuMs * slowness;
    return timeline.sleep(busyUntilMs - timeline.now());
  };
};

/** Half of a call's time is before it is carried out, half after. */
const clientsOf = (
  { timeline, random, observed }: CloudOptions,
  aws: MemoryAws,
  use: Use,
  work: Environment['work'],
): Clients =>
  answeredClients(async (call) => {
    await work(model.callCpuMs);
    const timeMs = callTimeMs(call, random);
    await timeline.sleep(timeMs / 2);
    try {
      return countedAnswer(aws, call, use);
    } finally {
      observed(call);
      await timeline.sleep(timeMs / 2);
    }
  });

export function openCloud(options: CloudOptions): Cloud {
  const { timeline, random } = options;
  const aws = memoryAws({ now: timeline.now, random: bytesFrom('aws') });
  const uses = { relay: nothing(), deliver: nothing(), dispatcher: nothing() };
  const between = (span: Span): number => draw(random, span);
  return {
    aws,
    uses,
    between,
    environmentOf(name) {
      const use = uses[name];
      use.environments += 1;
      const work = workOf(timeline, mibOf(name));
      const platform: Platform = {
        clock: timeline.now,
        config: readConfig(environment(name, 'http://127.0.0.1:1')),
        random: bytesFrom(`${name} ${use.environments}`),
        sleep: timeline.sleep,
        ...clientsOf(options, aws, use, work),
        log: (message, fields) => weigh(use, () => log(message, fields)),
        meter: (...metered) => weigh(use, () => meter(...metered)),
        writer: onlyRegion,
      };
      return { platform, work };
    },
    async invoke(name, isNew, run) {
      const use = uses[name];
      const coldMs = isNew ? between(model.coldStartMs) : 0;
      await timeline.sleep(between(model.invokeMs) + coldMs);
      const fromMs = timeline.now() - coldMs;
      const result = await run();
      use.invocations += 1;
      use.gbSeconds += (Math.ceil(timeline.now() - fromMs) / 1000) * (mibOf(name) / 1024);
      return result;
    },
  };
}
