// Event source mappings of queues as the templates declare them. Closed: a setting that would change which messages a
// function sees, and that is not run here, is refused with a UserError.

import * as v from 'valibot';
import type { Deployment, Resource } from '../../cloudformation/deployment.ts';
import { localLimits } from '../../host/limits.ts';
import { UserError } from '../../host/user_error.ts';
import type { QueueDefinition } from '../../sqs/definition.ts';

// Bounds: Lambda developer guide, "Amazon SQS event source mapping parameters" and "Configuring scaling behavior".
const Properties = v.strictObject({
  EventSourceArn: v.string(),
  FunctionName: v.string(),
  BatchSize: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000)), 10),
  // Batches are delivered at once: a window only lets them wait for more messages.
  MaximumBatchingWindowInSeconds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(300)), 0),
  FunctionResponseTypes: v.optional(v.array(v.literal('ReportBatchItemFailures')), []),
  ScalingConfig: v.optional(
    v.strictObject({
      MaximumConcurrency: v.optional(v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(1000))),
    }),
    {},
  ),
  Enabled: v.optional(v.boolean(), true),
  // What AWS stores about the mapping, and where it reports.
  KmsKeyArn: v.optional(v.string()),
  MetricsConfig: v.optional(v.unknown()),
  Tags: v.optional(v.unknown()),
});

export interface QueueMapping {
  readonly queue: QueueDefinition;
  readonly functionName: string;
  readonly batchMessages: number;
  /** Batches that are in flight at once. */
  readonly concurrency: number;
  readonly reportsFailures: boolean;
}

export const isOfQueue = (resource: Resource): boolean =>
  String(resource.properties().EventSourceArn).startsWith('arn:aws:sqs:');

export const queueMappings = (deployment: Deployment, queues: readonly QueueDefinition[]): QueueMapping[] =>
  deployment
    .of('AWS::Lambda::EventSourceMapping')
    .filter(isOfQueue)
    .flatMap((resource): QueueMapping[] => {
      const notRun = (what: string) =>
        new UserError(
          `stack ${resource.stack.name}: ${resource.logicalId} (event source mapping) is not run locally as it is: ${what}`,
        );
      const parsed = v.safeParse(Properties, resource.properties());
      if (!parsed.success) {
        const [issue] = parsed.issues;
        throw notRun(`${v.getDotPath(issue) ?? ''}: ${issue.message}`);
      }
      const { EventSourceArn, BatchSize, MaximumBatchingWindowInSeconds, ScalingConfig, ...properties } = parsed.output;
      const queue = queues.find(({ arn }) => arn === EventSourceArn);
      if (queue === undefined) throw notRun(`the queue ${EventSourceArn} is not in the templates.`);
      if (BatchSize > localLimits.messagesPerCall && MaximumBatchingWindowInSeconds === 0)
        throw notRun('BatchSize: more than 10 need a batching window.');
      if (!properties.Enabled) return [];
      return [
        {
          queue,
          functionName: properties.FunctionName,
          batchMessages: BatchSize,
          concurrency: Math.min(
            ScalingConfig.MaximumConcurrency ?? Number.POSITIVE_INFINITY,
            localLimits.processesPerFunction,
          ),
          reportsFailures: properties.FunctionResponseTypes.length > 0,
        },
      ];
    });

/** Lambda makes no mapping whose messages could come back while their function still runs. */
export const checkTimeout = ({ queue, functionName }: QueueMapping, timeoutMs: number): void => {
  if (timeoutMs <= queue.visibilityMs) return;
  throw new UserError(
    `AWS would refuse to deploy this:\n${functionName} may run for ${timeoutMs / 1000} s, but messages of ${queue.name} come back after ${queue.visibilityMs / 1000} s.`,
  );
};
