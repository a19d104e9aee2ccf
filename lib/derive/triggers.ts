// What starts a function besides the API: its tables' streams, a queue, or the clock. Every retry has a bound.

import { Duration, aws_iam as iam, aws_lambda as lambda, type Stack, aws_scheduler as scheduler } from 'aws-cdk-lib';
import type { FunctionName, FunctionRow, TableName, Trigger } from '../../contract/capabilities.ts';
import { relayLimits } from '../../contract/relay/limits.ts';
import { failedRecordsArn, queueArn, roleName, scheduleName, type ZoneDeployment } from './names.ts';
import { addRotations } from './rotations.ts';
import type { Arns } from './scope.ts';

/** The least that Lambda takes for asynchronous invocations (known, not looked up; a smaller one fails the deployment). */
const leastEventAgeSeconds = 60;

export type Of<Kind extends Trigger['kind']> = Extract<Trigger, { readonly kind: Kind }>;

const carriesFact = { dynamodb: { NewImage: { fact: { M: { id: { S: [{ exists: true }] } } } } } };
const justReceived = { eventName: ['INSERT'], dynamodb: { NewImage: { status: { S: ['received'] } } } };

/**
 * Of tables that hold much else, a function is handed only what it works on: the rest would start it for nothing (Lambda
 * developer guide, "Using event filtering with a DynamoDB event source", read 2026-11). The relay takes what carries a
 * fact; the settler what a provider has just told, since whatever waits is the sweeper's.
 */
const eventFilters: Readonly<Partial<Record<FunctionName, Readonly<Partial<Record<TableName, object>>>>>> = {
  relay: { webhooks: carriesFact, providers: carriesFact, maintenance: carriesFact },
  processor_events: { providers: justReceived },
};

export interface Triggered {
  readonly place: ZoneDeployment;
  readonly arns: Arns;
  readonly name: FunctionName;
  readonly row: FunctionRow;
  readonly target: lambda.Function;
}

/** Returns the ids of the event source mappings. */
export function addTriggers(stack: Stack, triggered: Triggered): readonly string[] {
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
      addRotations(stack, triggered, trigger);
      return [];
    case 'api':
    case 'authorizer':
      return [];
  }
}

function addStreams(
  stack: Stack,
  { arns, place, name, target }: Triggered,
  { tables, batchRecords }: Of<'streams'>,
): string[] {
  const mappings: string[] = [];
  for (const table of tables) {
    const pattern = eventFilters[name]?.[table];
    const mapping = new lambda.EventSourceMapping(stack, `${name}-from-${table}`, {
      target,
      eventSourceArn: arns.streams[table],
      // From the oldest record: a mapping that is made again misses nothing.
      startingPosition: lambda.StartingPosition.TRIM_HORIZON,
      ...(pattern && { filters: [{ pattern: JSON.stringify(pattern) }] }),
      batchSize: batchRecords,
      maxBatchingWindow: Duration.seconds(relayLimits.batchWindowSeconds),
      parallelizationFactor: relayLimits.parallelBatchesPerShard,
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      retryAttempts: relayLimits.retryAttempts,
      maxRecordAge: Duration.seconds(relayLimits.recordAgeSeconds),
      // What still fails is kept whole, with its payload, and an alarm tells.
      onFailure: { bind: () => ({ destination: failedRecordsArn(stack, place) }) },
      metricsConfig: { metrics: [lambda.MetricType.EVENT_COUNT] },
    });
    mappings.push(mapping.eventSourceMappingId);
  }
  return mappings;
}

/** Messages that fail stay in the queue, which counts how often they were received and sets them aside. */
function addQueue(
  stack: Stack,
  { place, name, target }: Triggered,
  { queue, batchMessages, concurrency }: Of<'queue'>,
): string {
  const mapping = new lambda.EventSourceMapping(stack, `${name}-from-${queue}`, {
    target,
    eventSourceArn: queueArn(stack, place, queue),
    batchSize: batchMessages,
    // What is there is taken at once: a delivery is promised within seconds.
    maxBatchingWindow: Duration.seconds(0),
    maxConcurrency: concurrency,
    reportBatchItemFailures: true,
  });
  return mapping.eventSourceMappingId;
}

function addSchedule(stack: Stack, { place, name, target }: Triggered, { everyMinutes }: Of<'schedule'>): void {
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
