// One alarm over one metric that a filter counts in a log: what a health check of Route 53 looks at. Evaluated period by period
// (CloudWatch user guide, "Using Amazon CloudWatch alarms" and "Configuring how CloudWatch alarms treat missing data", read
// December 2026). Closed: an alarm or a filter of another form is refused with a UserError.

import * as v from 'valibot';
import type { Deployment, Resource } from '../cloudformation/deployment.ts';
import { UserError } from '../host/user_error.ts';

const Alarm = v.object({
  // Route 53 reads no alarm of metric queries.
  Metrics: v.optional(v.undefined()),
  Namespace: v.string(),
  MetricName: v.string(),
  Dimensions: v.optional(v.tuple([]), []),
  Statistic: v.literal('Sum'),
  Period: v.number(),
  ComparisonOperator: v.picklist([
    'GreaterThanThreshold',
    'GreaterThanOrEqualToThreshold',
    'LessThanThreshold',
    'LessThanOrEqualToThreshold',
  ]),
  Threshold: v.number(),
  EvaluationPeriods: v.number(),
  DatapointsToAlarm: v.optional(v.number()),
  TreatMissingData: v.optional(v.picklist(['breaching', 'notBreaching', 'ignore', 'missing']), 'missing'),
});
type Alarm = v.InferOutput<typeof Alarm>;

const Filter = v.object({
  LogGroupName: v.string(),
  FilterPattern: v.pipe(v.string(), v.regex(/^\{ \$\.message = "\w+" \}$/)),
  MetricTransformations: v.tuple([
    v.object({
      MetricNamespace: v.string(),
      MetricName: v.string(),
      MetricValue: v.literal('1'),
      DefaultValue: v.optional(v.literal(0)),
    }),
  ]),
});

const compare: Readonly<Record<Alarm['ComparisonOperator'], (value: number, threshold: number) => boolean>> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

export interface WatchedAlarm {
  readonly name: string;
  /** A line was written into this log group. */
  observe(logGroup: string, line: string, atMs: number): void;
  isRaised(nowMs: number): boolean;
}

const parse = <Schema extends v.GenericSchema>(schema: Schema, resource: Resource): v.InferOutput<Schema> => {
  const parsed = v.safeParse(schema, resource.properties());
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new UserError(
    `stack ${resource.stack.name}: ${resource.logicalId} (${resource.type}) is not evaluated locally: ${v.getDotPath(issue) ?? ''} ${issue.message}`,
  );
};

/** The message that a line logs, if it logs one at all. */
const messageOf = (line: string): unknown => {
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === 'object' && parsed !== null && 'message' in parsed ? parsed.message : undefined;
  } catch {
    return undefined;
  }
};

const transformation = v.object({
  MetricTransformations: v.tuple([v.object({ MetricNamespace: v.string(), MetricName: v.string() })]),
});

const filterOf = (deployment: Deployment, { Namespace, MetricName }: { Namespace: string; MetricName: string }) => {
  const filter = deployment.of('AWS::Logs::MetricFilter').find((each) => {
    const parsed = v.safeParse(transformation, each.properties());
    const [found] = parsed.success ? parsed.output.MetricTransformations : [];
    return found?.MetricNamespace === Namespace && found.MetricName === MetricName;
  });
  if (filter === undefined) throw new UserError(`No filter of ${deployment.region} counts ${Namespace} ${MetricName}.`);
  const { LogGroupName, FilterPattern, MetricTransformations } = parse(Filter, filter);
  const [, message] = /"(\w+)"/.exec(FilterPattern) ?? [];
  return { logGroup: LogGroupName, message, hasDefault: MetricTransformations[0].DefaultValue === 0 };
};

export const watchAlarm = (deployment: Deployment, alarm: Resource): WatchedAlarm => {
  const read = parse(Alarm, alarm);
  const { ComparisonOperator, Threshold, EvaluationPeriods, DatapointsToAlarm, TreatMissingData } = read;
  const { logGroup, message, hasDefault } = filterOf(deployment, read);
  const periodMs = read.Period * 1_000;
  /** Counted messages by number of the period; a period without any line is absent. */
  const counts = new Map<number, number>();
  const isBreaching = (period: number): boolean => {
    const count = counts.get(period);
    return count === undefined ? TreatMissingData === 'breaching' : compare[ComparisonOperator](count, Threshold);
  };
  return {
    name: alarm.physical.ref,
    observe(group, line, atMs) {
      if (group !== logGroup) return;
      const isCounted = messageOf(line) === message;
      if (!isCounted && !hasDefault) return;
      const period = Math.floor(atMs / periodMs);
      counts.set(period, (counts.get(period) ?? 0) + (isCounted ? 1 : 0));
      for (const old of counts.keys()) if (old < period - EvaluationPeriods) counts.delete(old);
    },
    isRaised(nowMs) {
      const current = Math.floor(nowMs / periodMs);
      const periods = Array.from({ length: EvaluationPeriods }, (_, back) => current - 1 - back);
      return periods.filter(isBreaching).length >= (DatapointsToAlarm ?? EvaluationPeriods);
    },
  };
};
