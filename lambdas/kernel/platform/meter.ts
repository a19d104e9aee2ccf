// Metrics in CloudWatch's embedded format, written by Powertools Metrics: one line per request, from which CloudWatch
// takes them. Every metric costs by the month: there are those that alarms and the dashboard read, and no others.

import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/** `fault` is a 5xx: what the service levels count against us. */
export type Meter = (
  operation: string,
  slo: string,
  outcome: { readonly durationMs: number; readonly fault: boolean },
) => void;

/** What it would warn of (an empty dimension, no metrics) no caller can bring about. */
const logger = { debug() {}, info() {}, warn() {}, error() {} };

export function functionMeter(): Meter {
  const metrics = new Metrics({ namespace: 'Strongroom', serviceName: 'api', logger });
  return (operation, slo, { durationMs, fault }) => {
    metrics.addDimensions({ slo });
    // In the line for whoever searches it; as a dimension it would be a metric for each operation, which nothing reads.
    metrics.addMetadata('operation', operation);
    metrics.addMetric('duration', MetricUnit.Milliseconds, durationMs);
    metrics.addMetric('requests', MetricUnit.Count, 1);
    metrics.addMetric('faults', MetricUnit.Count, fault ? 1 : 0);
    metrics.publishStoredMetrics();
  };
}
