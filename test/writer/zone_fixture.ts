// A zone whose regions share the table of the lease, each with a clock of its own.

import { randomBytes } from 'node:crypto';
import { variables } from '../../contract/kernel/environment.ts';
import { zones } from '../../contract/kernel/zones.ts';
import type { WriterLease } from '../../contract/writer/lease.ts';
import { readConfig } from '../../lambdas/kernel/platform/config.ts';
import type { Platform } from '../../lambdas/kernel/platform/platform.ts';
import { readLease, writerOf } from '../../lambdas/kernel/store/writer.ts';
import { keepLease } from '../../lambdas/writer/keep_lease.ts';
import { type AwsCall, answeredClients } from '../kit/aws/answered.ts';
import { environment } from '../kit/aws/environment.ts';
import { memoryAws } from '../kit/aws/memory.ts';

export const { home, second } = zones.us;
export const startMs = Date.parse('2027-01-01T00:00:00Z');

export type ZoneFixture = ReturnType<typeof openZone>;

export function openZone() {
  let nowMs = startMs;
  const aws = memoryAws({ now: () => nowMs, random: (bytes) => randomBytes(bytes) });
  const lines: string[] = [];
  const calls: AwsCall[] = [];
  const faults: { before?: (call: AwsCall) => void } = {};

  /** A new process of a function in that region. `aheadMs`: how far its clock is ahead of the fixture's. */
  const process = (region: string, aheadMs = 0): Platform => {
    const clients = answeredClients(async (call) => {
      calls.push(call);
      faults.before?.(call);
      return aws.answer(call);
    });
    const config = readConfig({
      ...environment('writing', 'http://127.0.0.1:1'),
      AWS_REGION: region,
      [variables.writer]: 'lease',
    });
    const clock = () => nowMs + aheadMs;
    return {
      ...clients,
      clock,
      config,
      random: (bytes) => randomBytes(bytes),
      sleep: async (ms) => {
        nowMs += ms;
      },
      log: (message) => lines.push(message),
      meter: () => {},
      writer: writerOf({ clock, config, dynamodb: clients.dynamodb }),
    };
  };

  return {
    aws,
    lines,
    calls,
    faults,
    process,
    advance(ms: number) {
      nowMs += ms;
    },
    now: () => nowMs,
    /** The schedule of that region. */
    keep: (region: string, aheadMs = 0, remainingMs = 1_000): Promise<WriterLease | undefined> =>
      keepLease(process(region, aheadMs), remainingMs),
    lease: () => readLease(process(home)),
  };
}
