// Metrics in CloudWatch's embedded format (CloudWatch user guide, "Embedded metric format"): one line per request, from
// which CloudWatch takes them. Dimensions are bounded by the operation table.

import { systemClock } from './clock.ts';
import { printLine } from './log.ts';

/** `fault` is a 5xx: what the service levels count against us. */
export type Meter = (
  operation: string,
  slo: string,
  outcome: { readonly durationMs: number; readonly fault: boolean },
) => void;

const Namespace = 'Strongroom';
const duration = { Name: 'duration', Unit: 'Milliseconds' };
const requests = { Name: 'requests', Unit: 'Count' };
const faults = { Name: 'faults', Unit: 'Count' };

/** How long each operation takes; how each class of service levels is kept. */
const CloudWatchMetrics = [
  { Namespace, Dimensions: [['service', 'slo', 'operation']], Metrics: [duration] },
  { Namespace, Dimensions: [['service', 'slo']], Metrics: [duration, requests, faults] },
];

export const printedMeter = (): Meter => (operation, slo, outcome) =>
  printLine({
    _aws: { Timestamp: systemClock(), CloudWatchMetrics },
    service: 'api',
    slo,
    operation,
    duration: outcome.durationMs,
    requests: 1,
    faults: outcome.fault ? 1 : 0,
  });
