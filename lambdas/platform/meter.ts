// Metrics in CloudWatch's embedded format: one line per request, dimensions bounded by the operation table.

import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/** `fault` is a 5xx: what the service levels count against us. */
export type Meter = (
  operation: string,
  slo: string,
  outcome: { readonly durationMs: number; readonly fault: boolean },
) => void;

export function powertoolsMeter(): Meter {
  const metrics = new Metrics({ namespace: 'Strongroom', serviceName: 'api' });
  return (operation, slo, outcome) => {
    const one = metrics.singleMetric();
    one.addDimension('slo', slo);
    one.addDimension('operation', operation);
    one.addMetric('duration', MetricUnit.Milliseconds, outcome.durationMs);
    metrics.addDimension('slo', slo);
    metrics.addMetric('duration', MetricUnit.Milliseconds, outcome.durationMs);
    metrics.addMetric('requests', MetricUnit.Count, 1);
    metrics.addMetric('faults', MetricUnit.Count, outcome.fault ? 1 : 0);
    metrics.publishStoredMetrics();
  };
}
