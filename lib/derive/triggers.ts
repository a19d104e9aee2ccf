// What starts a function besides the API: its tables' streams, or the clock. Every retry has a bound.

import { Duration, aws_iam as iam, aws_lambda as lambda, type Stack, aws_scheduler as scheduler } from 'aws-cdk-lib';
import type { FunctionName, FunctionRow } from '../../contract/functions.ts';
import { relayLimits } from '../../contract/limits.ts';
import type { Arns } from './iam.ts';
import { type Place, poisonArn, roleName, scheduleName } from './names.ts';

/** The least that Lambda takes for asynchronous invocations (known, not looked up; a smaller one fails the deployment). */
const leastEventAgeSeconds = 60;

export interface Triggered {
  readonly place: Place;
  readonly arns: Arns;
  readonly name: FunctionName;
  readonly row: FunctionRow;
  readonly target: lambda.Function;
}

/** Returns the ids of the event source mappings. */
export function addTriggers(stack: Stack, triggered: Triggered): readonly string[] {
  const { row } = triggered;
  if (row.trigger.kind === 'schedule') addSchedule(stack, triggered, row.trigger);
  return row.trigger.kind === 'streams' ? addStreams(stack, triggered, row.trigger) : [];
}

function addStreams(
  stack: Stack,
  { arns, place, name, target }: Triggered,
  { tables, batchRecords }: { readonly tables: readonly string[]; readonly batchRecords: number },
): string[] {
  const mappings: string[] = [];
  for (const table of tables) {
    const mapping = new lambda.EventSourceMapping(stack, `${name}-from-${table}`, {
      target,
      eventSourceArn: arns.streams[table],
      // From the oldest record: a mapping that is made again misses nothing.
      startingPosition: lambda.StartingPosition.TRIM_HORIZON,
      batchSize: batchRecords,
      maxBatchingWindow: Duration.seconds(relayLimits.batchWindowSeconds),
      parallelizationFactor: relayLimits.parallelBatchesPerShard,
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      retryAttempts: relayLimits.retryAttempts,
      maxRecordAge: Duration.seconds(relayLimits.recordAgeSeconds),
      // What still fails is kept whole, with its payload, and an alarm tells.
      onFailure: { bind: () => ({ destination: poisonArn(stack, place) }) },
      metricsConfig: { metrics: [lambda.MetricType.EVENT_COUNT] },
    });
    mappings.push(mapping.eventSourceMappingId);
  }
  return mappings;
}

function addSchedule(
  stack: Stack,
  { place, name, target }: Triggered,
  { everyMinutes }: { readonly everyMinutes: number },
): void {
  const group = stack.formatArn({ service: 'scheduler', resource: 'schedule-group', resourceName: 'default' });
  const role = new iam.Role(stack, `${name}-schedule-role`, {
    roleName: roleName(place, `${name}-schedule`),
    description: `Starts Strongroom's ${name}, and nothing else`,
    assumedBy: new iam.ServicePrincipal('scheduler.amazonaws.com', {
      // Scheduler names the group, not the schedule, when it takes the role.
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
  // Scheduler only hands the start over. Lambda's own retries would pile up behind a failure, and the next start is near.
  new lambda.CfnEventInvokeConfig(stack, `${name}-starts`, {
    functionName: target.functionName,
    qualifier: '$LATEST',
    maximumRetryAttempts: 0,
    maximumEventAgeInSeconds: Math.max(leastEventAgeSeconds, everyMinutes * 60),
  });
  new scheduler.CfnSchedule(stack, `${name}-schedule`, {
    name: scheduleName(place, name),
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
