// How many instances of functions may run at once: where a row sets a bound, and what an account must allow.

import { type FunctionRow, functions } from '../../contract/capabilities.ts';
import { newAccountInstances, profileOf } from './profile.ts';

type Profiled = Parameters<typeof profileOf>[0];

export const concurrencyOf = (deployment: Profiled, row: FunctionRow): number | undefined =>
  profileOf(deployment).reservesConcurrency ? row.reservedConcurrency : undefined;

/** Batches of a queue that are worked on at once. */
export const queueConcurrencyOf = (deployment: Profiled, concurrency: number): number =>
  Math.min(concurrency, profileOf(deployment).queueConcurrency ?? concurrency);

/**
 * Lambda leaves so many instances of an account and region to functions without a reservation: whoever reserves n needs a quota
 * of n + 100 (Lambda developer guide, "Configuring reserved concurrency for a function", read 2026-12-01). In an account whose
 * quota is lower, any reservation is refused ("decreases account's UnreservedConcurrentExecution below its minimum value of [10]":
 * aws-samples/one-observability-demo #278, aws-samples/alarm-context-tool #2, read 2026-12-01).
 */
export const unreservedInstances = 100;

/** The least quota of concurrent executions, in an account and region, with which a zone can be deployed. */
export const requiredConcurrency = (deployment: Profiled): number => {
  const reserved = Object.values<FunctionRow>(functions).reduce(
    (sum, row) => sum + (concurrencyOf(deployment, row) ?? 0),
    0,
  );
  return reserved === 0 ? newAccountInstances : reserved + unreservedInstances;
};
