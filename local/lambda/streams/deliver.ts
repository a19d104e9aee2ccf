// Delivers a batch of one shard to the function until every record in it is acknowledged or given up, in order. No record is
// given up silently, and no record is delivered before the earlier ones are settled.

import * as v from 'valibot';
import { localLimits } from '../../host/limits.ts';
import type { Reason } from './failed_records.ts';
import type { StreamMapping } from './mapping.ts';
import type { StreamRecord } from './records.ts';

const BatchAnswer = v.nullish(
  v.object({ batchItemFailures: v.nullish(v.array(v.object({ itemIdentifier: v.nullish(v.string()) }))) }),
);

/** The result of one invocation: how many records from the front are done. */
export type Attempt = {
  readonly done: number;
  readonly failed: boolean;
  /** It threw, timed out or crashed, instead of saying which records failed. */
  readonly threw?: true;
};

/** Why records were given up, and how often the function had been invoked. */
export interface GivenUp {
  readonly reason: Reason;
  readonly invocations: number;
  readonly threw: boolean;
}

/** What a function's answer says about a batch (Lambda developer guide, "Configuring partial batch response"). */
export const attemptOf = (payload: unknown, records: readonly StreamRecord[], reportsFailures: boolean): Attempt => {
  const all = { done: records.length, failed: false };
  const none = { done: 0, failed: true };
  if (!reportsFailures) return all;
  const answer = v.safeParse(BatchAnswer, payload);
  if (!answer.success) return none;
  const failures = answer.output?.batchItemFailures ?? [];
  if (failures.length === 0) return all;
  const positions = failures.map(({ itemIdentifier }) =>
    records.findIndex(({ dynamodb }) => dynamodb.SequenceNumber === itemIdentifier),
  );
  // An identifier that names no record of the batch fails the whole batch.
  return { done: Math.max(0, Math.min(...positions)), failed: true };
};

export interface Delivery {
  readonly mapping: Pick<StreamMapping, 'bisect' | 'retries' | 'maximumAgeMs'>;
  /** Invokes the function; `failed` with nothing done when it threw, timed out or crashed. */
  readonly attempt: (records: readonly StreamRecord[]) => Promise<Attempt>;
  /** Persists that everything up to this record is settled. */
  readonly checkpoint: (sequenceNumber: string) => Promise<void>;
  /** Resolves once they are stored, before later records are delivered. */
  readonly discarded: (records: readonly StreamRecord[], why: GivenUp) => Promise<void> | void;
  readonly pause: (ms: number) => Promise<void>;
  readonly now: () => number;
  readonly stopped: () => boolean;
}

const ageMs = (record: StreamRecord, now: number): number => now - record.dynamodb.ApproximateCreationDateTime * 1000;

const settle = async (delivery: Delivery, records: readonly StreamRecord[]): Promise<void> => {
  const last = records.at(-1);
  if (last !== undefined) await delivery.checkpoint(last.dynamodb.SequenceNumber);
};

/** Resolves when the batch is settled, or as soon as `stopped` says so. */
export const deliver = async (delivery: Delivery, batch: readonly StreamRecord[]): Promise<void> => {
  const { mapping } = delivery;
  let records = batch;
  let retries = 0;
  let invocations = 0;
  let threw = false;
  while (records.length > 0 && !delivery.stopped()) {
    const tooOld = records.filter((record) => ageMs(record, delivery.now()) > mapping.maximumAgeMs);
    if (tooOld.length > 0) {
      await delivery.discarded(tooOld, { reason: 'RecordAgeExceeded', invocations, threw });
      await settle(delivery, tooOld);
      records = records.slice(tooOld.length);
      continue;
    }
    const attempt = await delivery.attempt(records);
    const { done, failed } = attempt;
    invocations += 1;
    threw = attempt.threw === true;
    await settle(delivery, records.slice(0, done));
    records = records.slice(done);
    // A stop kills invocations: that must not count as a retry, let alone as the last one.
    if (!failed || delivery.stopped()) return;
    if (done > 0) {
      retries = 0;
      invocations = 0;
    }
    if (mapping.bisect && done === 0 && records.length > 1) {
      // Splitting costs no retry: the half without the failing record goes through at once.
      const half = Math.ceil(records.length / 2);
      await deliver(delivery, records.slice(0, half));
      records = records.slice(half);
      retries = 0;
      continue;
    }
    if (retries >= mapping.retries) {
      await delivery.discarded(records, { reason: 'RetryAttemptsExhausted', invocations, threw });
      await settle(delivery, records);
      return;
    }
    retries += 1;
    await delivery.pause(Math.min(localLimits.streamBackoffMaxMs, localLimits.streamBackoffMinMs * 2 ** (retries - 1)));
  }
};
