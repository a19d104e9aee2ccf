// The lease of a zone's writer as an operator reaches it: by DynamoDB of either region, whose answers are equally true, because the
// table is strongly consistent in both. So a region that is gone, or can't be reached, stops nobody.

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { WriterLease } from '../../contract/writer/lease.ts';
import { Defect } from '../../lambdas/kernel/domain/refusal.ts';
import { timestamp } from '../../lambdas/kernel/platform/clock.ts';
import type { Config } from '../../lambdas/kernel/platform/config.ts';
import { entryId, platformAuditPartition, putEntry } from '../../lambdas/kernel/store/audit.ts';
import { readLease } from '../../lambdas/kernel/store/writer.ts';
import { writeLease } from '../../lambdas/writer/store.ts';

/** One region's DynamoDB. */
export interface LeaseRegion {
  readonly region: string;
  readonly config: Config;
  readonly dynamodb: DynamoDBClient;
}

export type Act = 'writer/hand_over' | 'writer/withdraw';

/** One run of the command, as the audit trail names it. */
export interface Run {
  readonly act: Act;
  /** To which region. */
  readonly target: string;
  /** Of this run alone. */
  readonly id: string;
  /** Who runs it. */
  readonly actor: string;
}

/** `requested` before the row is touched; then what became of it. */
export type RunOutcome = 'requested' | 'committed' | 'refused' | 'failed';

export interface LeaseAccess {
  /** Undefined: there is none. */
  read(): Promise<WriterLease | undefined>;
  /** False: the row was not as it was read. Throws where it may have been written or not. */
  write(read: WriterLease, next: WriterLease): Promise<boolean>;
  /** Throws where the audit entry may not have been written. */
  record(run: Run, outcome: RunOutcome, atMs: number): Promise<void>;
}

/** Neither region's DynamoDB answered: what was asked is unknown. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** An error's name, and of ours its words. */
const reasonOf = (thrown: unknown): string => {
  if (thrown instanceof Defect) return thrown.message;
  return thrown instanceof Error ? thrown.name : 'unknown';
};

/** Asks the region that answered last, then the other one. Whatever one of them says instead of an answer, the other may know better. */
function askEither(regions: readonly LeaseRegion[]) {
  let order = [...regions];
  return async <T>(call: (region: LeaseRegion) => Promise<T>): Promise<T> => {
    const failures: string[] = [];
    for (const region of order) {
      try {
        const answer = await call(region);
        order = [region, ...order.filter((each) => each !== region)];
        return answer;
      } catch (thrown) {
        failures.push(`${region.region}: ${reasonOf(thrown)}`);
      }
    }
    throw new NoAnswer(failures.join(', '));
  };
}

export function leaseAccess(regions: readonly LeaseRegion[], sleep: (ms: number) => Promise<unknown>): LeaseAccess {
  const ask = askEither(regions);
  return {
    read: () => ask((region) => readLease({ ...region, clock: Date.now })),
    write: (read, next) => ask((region) => writeLease(region, read, next)),
    record: ({ act, target, id, actor }, outcome, atMs) =>
      ask(({ config, dynamodb }) =>
        putEntry(
          { config, dynamodb, sleep: async (ms) => void (await sleep(ms)) },
          {
            id: entryId({ config }, atMs, [id, act, outcome]),
            object: 'audit_entry',
            owner: platformAuditPartition,
            mode: 'live',
            occurred_at: timestamp(atMs),
            action: act,
            outcome,
            code: null,
            actor: { kind: 'person', id: actor },
            on_behalf_of: null,
            target,
            request_id: id,
            address: null,
          },
        ),
      ),
  };
}
