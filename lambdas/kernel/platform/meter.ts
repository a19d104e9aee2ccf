// Metrics in CloudWatch's embedded format, written by Powertools Metrics: one line per request, from which CloudWatch
// takes them. Dimensions are bounded by the operation table.

import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { EmfOutput, MetricDefinition } from '@aws-lambda-powertools/metrics/types';

/** `fault` is a 5xx: what the service levels count against us. */
export type Meter = (
  operation: string,
  slo: string,
  outcome: { readonly durationMs: number; readonly fault: boolean },
) => void;

const ofOperation = ({ Name }: MetricDefinition): boolean => Name === 'duration';

/**
 * Powertools writes every metric under every set of dimensions. CloudWatch would keep, and bill, requests and faults of
 * each operation, which nothing reads: an operation has its duration alone.
 */
class RequestMetrics extends Metrics {
  override serializeMetrics(): EmfOutput {
    const line = super.serializeMetrics();
    line._aws.CloudWatchMetrics = line._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics: all }) =>
      Dimensions.map((dimensions) => ({
        Namespace,
        Dimensions: [dimensions],
        Metrics: dimensions.includes('operation') ? all.filter(ofOperation) : all,
      })),
    );
    return line;
  }
}

/** What it would warn of (an empty dimension, no metrics) no caller can bring about. */
const logger = { debug() {}, info() {}, warn() {}, error() {} };

export function functionMeter(): Meter {
  const metrics = new RequestMetrics({ namespace: 'Strongroom', serviceName: 'api', logger });
  return (operation, slo, { durationMs, fault }) => {
    metrics.addDimensions({ slo });
    metrics.addDimensions({ slo, operation });
    metrics.addMetric('duration', MetricUnit.Milliseconds, durationMs);
    metrics.addMetric('requests', MetricUnit.Count, 1);
    metrics.addMetric('faults', MetricUnit.Count, fault ? 1 : 0);
    metrics.publishStoredMetrics();
  };
}
