// AWS on a virtual clock: calls take the model's time and the CPU of the environment that makes them, and are counted. The
// code that calls is the product's own.

import { type FunctionName, functions } from '../../contract/capabilities.ts';
import { readConfig } from '../../lambdas/kernel/platform/config.ts';
import { functionLog } from '../../lambdas/kernel/platform/log.ts';
import { functionMeter } from '../../lambdas/kernel/platform/meter.ts';
import type { Platform } from '../../lambdas/kernel/platform/platform.ts';
import { type AwsCall, answeredClients } from '../../test/kit/aws/answered.ts';
import { environment } from '../../test/kit/aws/environment.ts';
import { type MemoryAws, memoryAws } from '../../test/kit/aws/memory.ts';
import { drawFrom } from '../simulation/draw.ts';
import type { Timeline } from '../simulation/timeline.ts';
import { bytesFrom } from './surroundings.ts';
import { model, type Span } from './webhooks_model.ts';

/** What a function used, all of its environments together. */
export interface Use {
  invocations: number;
  environments: number;
  /** Of its environments' time, cold starts included. */
  gbSeconds: number;
  writeUnits: number;
  /** Of the table of webhooks alone. */
  webhookReadUnits: number;
  readUnits: number;
  queueCalls: number;
  keyCalls: number;
  logBytes: number;
}

const nothing = (): Use => ({
  ...{ invocations: 0, environments: 0, gbSeconds: 0, writeUnits: 0, webhookReadUnits: 0, readUnits: 0 },
  ...{ queueCalls: 0, keyCalls: 0, logBytes: 0 },
});

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
  BatchWriteItem: model.callMs.batchWrite,
  SendMessageBatch: model.callMs.queue,
  PutEvents: model.callMs.bus,
  Decrypt: model.callMs.key,
};

const { log } = functionLog({ service: 'strongroom', level: 'INFO', sampleRate: 0 });
const meter = functionMeter();

/** Counts what is printed instead of printing it. */
function weigh(use: Use, print: () => void): void {
  const streams = [process.stdout, process.stderr];
  const writes = streams.map(({ write }) => write);
  for (const stream of streams) {
    stream.write = (text: string | Uint8Array): boolean => {
      use.logBytes += Buffer.byteLength(text);
      return true;
    };
  }
  try {
    print();
  } finally {
    for (const [index, stream] of streams.entries()) stream.write = writes[index] ?? stream.write;
  }
}

interface Consumed {
  readonly TableName: string;
  readonly CapacityUnits: number;
}

/** A condition that fails costs what the rows that are there would: deliveries have a block each. */
const failedUnits = ({ operation, input }: AwsCall): number => {
  const { TransactItems = [] } = input as { readonly TransactItems?: readonly unknown[] };
  return operation === 'TransactWriteItems' ? 2 * TransactItems.length : 1;
};

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

export function openCloud({ timeline, random, observed }: CloudOptions): Cloud {
  const aws = memoryAws({ now: timeline.now, random: bytesFrom('aws') });
  const uses = { relay: nothing(), deliver: nothing(), dispatcher: nothing() };
  const between = ([from, to]: Span): number => from + random() * (to - from);

  /** Audit entries and events on the bus are there with or without webhooks: their time is taken, nothing is kept. */
  const kept = (call: AwsCall): AwsCall | null => {
    if (call.operation === 'PutEvents') return null;
    const { RequestItems } = call.input as { readonly RequestItems?: Readonly<Record<string, unknown>> };
    if (call.operation !== 'BatchWriteItem' || RequestItems === undefined) return call;
    const { audit: _, ...others } = RequestItems;
    return Object.keys(others).length === 0 ? null : { ...call, input: { RequestItems: others } };
  };

  const execute = (call: AwsCall, use: Use): object => {
    if (call.service === 'sqs') use.queueCalls += 1;
    if (call.service === 'kms') use.keyCalls += 1;
    const asked = kept(call);
    if (asked === null) return {};
    if (asked.service !== 'dynamodb') return aws.answer(asked);
    const output = aws.answer({ ...asked, input: { ...asked.input, ReturnConsumedCapacity: 'TOTAL' } });
    const { ConsumedCapacity = [] } = output as { readonly ConsumedCapacity?: Consumed | readonly Consumed[] };
    for (const { TableName, CapacityUnits } of [ConsumedCapacity].flat()) {
      const isRead = /^(?:Get|BatchGet|Query)/.test(asked.operation);
      use[isRead ? 'readUnits' : 'writeUnits'] += CapacityUnits;
      if (isRead && TableName === 'webhooks') use.webhookReadUnits += CapacityUnits;
    }
    return output;
  };

  const environmentOf = (name: keyof Cloud['uses']): Environment => {
    const use = uses[name];
    use.environments += 1;
    const slowness = model.mebibytesPerCore / mibOf(name);
    let busyUntilMs = 0;
    const work = (cpuMs: number): Promise<void> => {
      busyUntilMs = Math.max(busyUntilMs, timeline.now()) + cpuMs * slowness;
      return timeline.sleep(busyUntilMs - timeline.now());
    };
    const clients = answeredClients(async (call) => {
      await work(model.callCpuMs);
      const tookMs =
        between(spanOf[call.operation] ?? model.callMs.read) +
        (random() < model.slowCall.share ? between(model.slowCall.ms) : 0);
      await timeline.sleep(tookMs / 2);
      try {
        return execute(call, use);
      } catch (error) {
        use.writeUnits += failedUnits(call);
        throw error;
      } finally {
        observed(call);
        await timeline.sleep(tookMs / 2);
      }
    });
    const platform: Platform = {
      clock: timeline.now,
      config: readConfig(environment(name, 'http://127.0.0.1:1')),
      random: bytesFrom(`${name} ${use.environments}`),
      sleep: timeline.sleep,
      ...clients,
      log: (message, fields) => weigh(use, () => log(message, fields)),
      meter: (...metered) => weigh(use, () => meter(...metered)),
    };
    return { platform, work };
  };

  return {
    aws,
    uses,
    between,
    environmentOf,
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
