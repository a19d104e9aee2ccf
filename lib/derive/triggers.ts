// What starts a function besides the API: its tables' streams, a queue, or the clock. Every retry has a bound.

import { Duration, aws_iam as iam, aws_lambda as lambda, type Stack, aws_scheduler as scheduler } from 'aws-cdk-lib';
import { filterPattern } from '../../contract/kernel/function.ts';
import { zones } from '../../contract/kernel/zones.ts';
import { relayLimits } from '../../contract/relay/limits.ts';
import { queueConcurrencyOf } from './concurrency.ts';
import { queueArn, roleName, scheduleName } from './names.ts';
import { addRotations } from './rotations.ts';
import type { TriggeredFunction, TriggerOf } from './trigger.ts';

/** The least that Lambda allows for asynchronous invocations (known, not looked up; a smaller one fails the deployment). */
const minEventAgeSeconds = 60;

/** Returns the ids of the event source mappings. */
export function addTriggers(stack: Stack, triggered: TriggeredFunction): readonly string[] {
  const { trigger } = triggered.row;
  switch (trigger.kind) {
    case 'streams':
      return addStreams(stack, triggered, trigger);
    case 'queue':
      return [addQueue(stack, triggered, trigger)];
    case 'schedule':
      addSchedule(stack, triggered, trigger);
      return [];
    case 'rotation':
      // Secrets Manager rotates a secret where its primary is, and copies it from there (user guide, "Replicate AWS Secrets
      // Manager secrets across Regions", read 2026-12-01).
      if (triggered.deployment.position === 'home') addRotations(stack, triggered, trigger);
      return [];
    case 'api':
    case 'authorizer':
      return [];
  }
}

function addStreams(
  stack: Stack,
  { arns, deployment, name, target }: TriggeredFunction,
  { tables, batchRecords, eventFilters = {} }: TriggerOf<'streams'>,
): string[] {
  const mappings: string[] = [];
  for (const table of tables) {
    const pattern = eventFilters[table];
    const mapping = new lambda.EventSourceMapping(stack, `${name}-from-${table}`, {
      target,
      eventSourceArn: arns.streams[table],
      // From the oldest record: a mapping that is made again misses nothing.
      startingPosition: lambda.StartingPosition.TRIM_HORIZON,
      ...(pattern && { filters: [{ pattern: filterPattern(pattern, zones[deployment.zone], deployment.region) }] }),
      batchSize: batchRecords,
      maxBatchingWindow: Duration.seconds(relayLimits.batchWindowSeconds),
      parallelizationFactor: relayLimits.parallelBatchesPerShard,
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      retryAttempts: relayLimits.retryAttempts,
      maxRecordAge: Duration.seconds(relayLimits.recordAgeSeconds),
      // What still fails is stored whole, with its payload, and an alarm goes off.
      onFailure: { bind: () => ({ destination: arns.failedRecords }) },
      metricsConfig: { metrics: [lambda.MetricType.EVENT_COUNT] },
    });
    mappings.push(mapping.eventSourceMappingId);
  }
  return mappings;
}

/** Messages that fail stay in the queue, which counts how often they were received and moves them to its dead letters. */
function addQueue(
  stack: Stack,
  { deployment, name, target }: TriggeredFunction,
  { queue, batchMessages, concurrency }: TriggerOf<'queue'>,
): string {
  const mapping = new lambda.EventSourceMapping(stack, `${name}-from-${queue}`, {
    target,
    eventSourceArn: queueArn(stack, deployment, queue),
    batchSize: batchMessages,
    // Messages are fetched at once: a delivery is promised within seconds.
    maxBatchingWindow: Duration.seconds(0),
    maxConcurrency: queueConcurrencyOf(deployment, concurrency),
    reportBatchItemFailures: true,
  });
  return mapping.eventSourceMappingId;
}

function addSchedule(
  stack: Stack,
  { deployment, name, target }: TriggeredFunction,
  { everyMinutes }: TriggerOf<'schedule'>,
): void {
  const group = stack.formatArn({ service: 'scheduler', resource: 'schedule-group', resourceName: 'default' });
  const role = new iam.Role(stack, `${name}-schedule-role`, {
    roleName: roleName(deployment, `${name}-schedule`),
    description: `Starts Strongroom's ${name}, and nothing else`,
    assumedBy: new iam.ServicePrincipal('scheduler.amazonaws.com', {
      // Scheduler names the group, not the schedule, when it assumes the role.
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account, 'aws:SourceArn': group } },
    }),
    inlinePolicies: {
      row: new iam.PolicyDocument({
        statements: [
          new iam.PolicyStatement({
            sid: 'Start',
            actions: ['lambda:InvokeFunction'],
            resources: [target.functionArn],
          }),
        ],
      }),
    },
  });
  // Scheduler invokes asynchronously. Lambda's own retries would pile up behind a failure, and the next start is near.
  new lambda.CfnEventInvokeConfig(stack, `${name}-starts`, {
    functionName: target.functionName,
    qualifier: '$LATEST',
    maximumRetryAttempts: 0,
    maximumEventAgeInSeconds: Math.max(minEventAgeSeconds, everyMinutes * 60),
  });
  new scheduler.CfnSchedule(stack, `${name}-schedule`, {
    name: scheduleName(deployment, name),
    description: `Starts ${name} every ${everyMinutes} min`,
    scheduleExpression: `rate(${everyMinutes} minute${everyMinutes === 1 ? '' : 's'})`,
    flexibleTimeWindow: { mode: 'OFF' },
    state: 'ENABLED',
    target: {
      arn: target.functionArn,
      roleArn: role.roleArn,
      // A start that is late by a whole period is left to the next one.
      retryPolicy: { maximumRetryAttempts: 2, maximumEventAgeInSeconds: everyMinutes * 60 },
    },
  });
}
