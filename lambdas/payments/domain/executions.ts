// How often a processor carried out one order, where it says so: it may do it anew after it failed. Reports come in any order, so
// what counts is that more executions were done than failed.

import * as v from 'valibot';
import { moneyLimits as limits } from '../../../contract/payments/limits.ts';
import type { ProviderFact } from '../../processors/domain/fact.ts';

export const Executions = v.object({
  executions: v.array(v.string()),
  failed_executions: v.array(v.string()),
});
type Executions = v.InferOutput<typeof Executions>;

export const noExecutions: Executions = { executions: [], failed_executions: [] };

export type ExecutionReport = Extract<ProviderFact, { readonly kind: 'approved' | 'declined' }>;

/** Remembers which time it was; the same object where that is known, or where the processor does not say. */
export function noteExecution<T extends Executions>(object: T, { kind, execution }: ExecutionReport): T {
  const name = kind === 'approved' ? 'executions' : 'failed_executions';
  if (execution === undefined || object[name].includes(execution)) return object;
  return { ...object, [name]: [...object[name], execution].slice(-limits.executions) };
}

/** What two regions were told, apart. */
export function joinExecutions(one: Executions, other: Executions): Executions {
  const union = (name: keyof Executions): string[] =>
    [...new Set([...one[name], ...other[name]])].slice(-limits.executions);
  return { executions: union('executions'), failed_executions: union('failed_executions') };
}

/** Of the capture that a charge was made with: the charge itself said that it was captured, so one execution counts unnamed. */
export const isExecutedWithCharge = ({ executions, failed_executions }: Executions): boolean =>
  Math.max(1, executions.length) > failed_executions.length;

export const isExecuted = ({ executions, failed_executions }: Executions): boolean =>
  executions.length > failed_executions.length;
