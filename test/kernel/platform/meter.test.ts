// Metrics as CloudWatch takes them from a line (CloudWatch user guide, "Embedded metric format specification").
// test/infra/watch.test.ts holds them against the alarms.

import { describe, expect, it } from 'vitest';
import { functionMeter } from '../../../lambdas/kernel/platform/meter.ts';
import { printedLines } from '../../kit/printed.ts';

describe('metrics', () => {
  it('of a request are one line: what its class needs; its operation is no dimension, which would cost a metric each', () => {
    const meter = functionMeter();
    const lines = printedLines(() => {
      meter('payments/create', 'money', { durationMs: 412, fault: false });
      meter('payments/get', 'read', { durationMs: 9, fault: true });
    });
    const duration = { Name: 'duration', Unit: 'Milliseconds' };
    const counts = ['requests', 'faults'].map((Name) => ({ Name, Unit: 'Count' }));
    const _aws = {
      Timestamp: expect.any(Number),
      CloudWatchMetrics: [
        { Namespace: 'Strongroom', Dimensions: [['service', 'slo']], Metrics: [duration, ...counts] },
      ],
    };
    const created = { slo: 'money', operation: 'payments/create', duration: 412, requests: 1, faults: 0 };
    const got = { slo: 'read', operation: 'payments/get', duration: 9, requests: 1, faults: 1 };
    expect(lines).toEqual([
      { _aws, service: 'api', ...created },
      { _aws, service: 'api', ...got },
    ]);
  });

  it('are numbers and dimensions that the line holds', () => {
    const [line] = printedLines(() =>
      functionMeter()('payments/create', 'money', { durationMs: 0.5, fault: false }),
    ) as [{ _aws: { CloudWatchMetrics: { Dimensions: string[][]; Metrics: { Name: string }[] }[] } }];
    const values: Readonly<Record<string, unknown>> = { ...line };
    for (const { Dimensions, Metrics } of line._aws.CloudWatchMetrics) {
      for (const dimension of Dimensions.flat()) expect(values[dimension]).toEqual(expect.any(String));
      for (const { Name } of Metrics) expect(values[Name]).toEqual(expect.any(Number));
    }
  });
});
