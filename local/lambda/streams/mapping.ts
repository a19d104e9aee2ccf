// Event source mappings of DynamoDB streams as the templates declare them. Closed: a setting that would change which
// records a function sees, and that is not run here, is refused with a UserError.

import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { Deployment } from '../../cloudformation/deployment.ts';
import { localLimits } from '../../host/limits.ts';
import { UserError } from '../../host/user_error.ts';
import { isOfQueue } from '../queues/mapping.ts';
import { FilterCriteria, recordFilter } from './filter.ts';

const Properties = v.strictObject({
  EventSourceArn: v.pipe(
    v.string(),
    v.regex(/^arn:aws:dynamodb:[^:]+:\d+:table\/[^/]+\/stream\//, 'Expected a DynamoDB stream'),
  ),
  FunctionName: v.string(),
  StartingPosition: v.literal('TRIM_HORIZON'),
  BatchSize: v.optional(v.number(), 100),
  BisectBatchOnFunctionError: v.optional(v.boolean(), false),
  MaximumRetryAttempts: v.optional(v.number(), -1),
  MaximumRecordAgeInSeconds: v.optional(v.number(), -1),
  MaximumBatchingWindowInSeconds: v.optional(v.number(), 0),
  ParallelizationFactor: v.optional(v.number(), 1),
  FunctionResponseTypes: v.optional(v.array(v.literal('ReportBatchItemFailures')), []),
  Enabled: v.optional(v.boolean(), true),
  FilterCriteria: v.optional(FilterCriteria),
  DestinationConfig: v.optional(
    v.strictObject({
      OnFailure: v.strictObject({
        Destination: v.pipe(v.string(), v.regex(/^arn:aws:s3:::[\w.-]+$/, 'Expected a bucket')),
      }),
    }),
  ),
  // What AWS stores about the mapping, and where it reports.
  KmsKeyArn: v.optional(v.string()),
  MetricsConfig: v.optional(v.unknown()),
  Tags: v.optional(v.unknown()),
});

export interface StreamMapping {
  /** Stable across restarts. */
  readonly id: string;
  readonly streamArn: string;
  readonly table: string;
  readonly functionName: string;
  readonly batchRecords: number;
  readonly bisect: boolean;
  /** Infinity: until the records are too old. */
  readonly retries: number;
  /** Infinity: no record is ever too old. */
  readonly maximumAgeMs: number;
  readonly reportsFailures: boolean;
  /** Which records are delivered; the others are skipped, as if they had been delivered. Absent: all are. */
  readonly isWanted?: ((record: unknown) => boolean) | undefined;
  /** ARN of the bucket of discarded records. Absent: they are lost, as in AWS, but for a sentence. */
  readonly bucketArn?: string | undefined;
}

const orUnbounded = (value: number): number => (value < 0 ? Number.POSITIVE_INFINITY : value);

export const streamMappings = (deployment: Deployment): StreamMapping[] =>
  deployment.of('AWS::Lambda::EventSourceMapping').flatMap((resource): StreamMapping[] => {
    if (isOfQueue(resource)) return [];
    const where = `stack ${resource.stack.name}: ${resource.logicalId} (event source mapping)`;
    const parsed = v.safeParse(Properties, resource.properties());
    if (!parsed.success) {
      const [issue] = parsed.issues;
      const what = `${v.getDotPath(issue) ?? ''}: ${issue.message}`;
      throw new UserError(`${where} is not run locally as it is: ${what}`);
    }
    const properties = parsed.output;
    if (!properties.Enabled) return [];
    return [
      {
        id: createHash('sha256').update(`${resource.stack.name}/${resource.logicalId}`).digest('hex').slice(0, 16),
        streamArn: properties.EventSourceArn,
        table: /table\/([^/]+)/.exec(properties.EventSourceArn)?.[1] ?? '',
        functionName: properties.FunctionName,
        batchRecords: Math.min(properties.BatchSize, localLimits.streamBatchRecords),
        bisect: properties.BisectBatchOnFunctionError,
        retries: orUnbounded(properties.MaximumRetryAttempts),
        maximumAgeMs: orUnbounded(properties.MaximumRecordAgeInSeconds) * 1000,
        reportsFailures: properties.FunctionResponseTypes.length > 0,
        isWanted: properties.FilterCriteria && recordFilter(properties.FilterCriteria, where),
        bucketArn: properties.DestinationConfig?.OnFailure.Destination,
      },
    ];
  });
