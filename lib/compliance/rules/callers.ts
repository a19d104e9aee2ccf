// What starts functions: each caller is named, each retry is bounded, and what still fails is kept.

import { type FunctionName, type FunctionRow, functions, type Trigger } from '../../../contract/capabilities.ts';
import { relayLimits } from '../../../contract/relay/limits.ts';
import { queueName, tableName } from '../../derive/names.ts';
import { isAnybody, isWildcard } from '../policies.ts';
import { type Json, ofType, type Rule, referredTo, type Surroundings, unless } from '../rule.ts';

const within = (value: unknown, least: number, most: number): boolean =>
  typeof value === 'number' && value >= least && value <= most;

/** Whether it is a bucket of the zone: a queue would keep a record's place in its stream, not the record. */
const keeps = (zone: Surroundings, destination: unknown): boolean =>
  ofType(zone, 'AWS::S3::Bucket').some(({ p }) => destination === `arn:aws:s3:::${p.BucketName}`);

/** Filters that hide nothing which the function works on: facts from the relay, what was just told from the settler. */
const hidesNothing: Readonly<Record<string, object>> = {
  relay: { dynamodb: { NewImage: { fact: { M: { id: { S: [{ exists: true }] } } } } } },
  processor_events: { eventName: ['INSERT'], dynamodb: { NewImage: { status: { S: ['received'] } } } },
};

const hides = (target: string, criteria: Json): boolean => {
  if (criteria === undefined) return false;
  const pattern = hidesNothing[target];
  const known = pattern && JSON.stringify({ Filters: [{ Pattern: JSON.stringify(pattern) }] });
  return JSON.stringify(criteria) !== known;
};

/** Anything else is judged as a stream. */
const isQueue = (source: unknown): boolean => typeof source === 'string' && /^arn:aws:sqs:/.test(source);

const sourceFaults = (target: string, source: string, p: Json, zone: Surroundings): readonly string[] => {
  const trigger: Trigger | undefined = functions[target as FunctionName]?.trigger;
  switch (trigger?.kind) {
    case 'streams':
      return [
        ...unless(
          trigger.tables.some(
            (table) =>
              table === source && referredTo(zone, p.EventSourceArn)?.p.TableName === tableName(zone.place, table),
          ),
          `it reads ${p.EventSourceArn}`,
        ),
        ...unless(p.BatchSize === trigger.batchRecords, `it takes ${p.BatchSize} records at once`),
        ...unless(!hides(target, p.FilterCriteria), 'a filter may hide from it what it works on'),
      ];
    case 'queue':
      return [
        ...unless(
          p.EventSourceArn === `arn:aws:sqs:${zone.region}:<account>:${queueName(zone.place, trigger.queue)}`,
          `it reads ${p.EventSourceArn}`,
        ),
        ...unless(p.BatchSize === trigger.batchMessages, `it takes ${p.BatchSize} messages at once`),
        ...unless(
          p.ScalingConfig?.MaximumConcurrency === trigger.concurrency,
          `it may take all instances of the account, not ${trigger.concurrency}`,
        ),
      ];
    default:
      return ['no row names what it reads'];
  }
};

export const callers: readonly Rule[] = [
  {
    id: 'Strongroom-CALL1',
    types: ['AWS::Lambda::Permission'],
    keeps: ['API-1', 'NET-1'],
    states: 'A function may be called by a service in the name of one resource of this account, and by nobody else.',
    breaks: ({ p }) => [
      ...unless(p.Action === 'lambda:InvokeFunction', `it allows ${p.Action}`),
      ...unless(
        typeof p.Principal === 'string' && p.Principal.endsWith('.amazonaws.com') && !isAnybody(p.Principal),
        `it lets ${p.Principal} call`,
      ),
      // API Gateway's ARN ends in `/<stage>/<method>/<path>`: the stage is named, the routes are the API's own.
      ...unless(
        typeof p.SourceArn === 'string' &&
          !isWildcard(p.SourceArn.replace(/\/\*\/\*$/, '')) &&
          !/:\*$/.test(p.SourceArn),
        `its source is ${p.SourceArn ?? 'not named'}`,
      ),
      ...unless(p.FunctionUrlAuthType === undefined, 'it opens a function URL'),
    ],
  },
  {
    id: 'Strongroom-CALL2',
    types: ['AWS::Lambda::EventSourceMapping'],
    keeps: ['AUD-1', 'WHK-2'],
    states:
      'A stream’s records are retried within bounds, in halves, and kept with their payload when they still fail.',
    breaks: ({ p }, zone) =>
      isQueue(p.EventSourceArn)
        ? []
        : [
            ...unless(p.BisectBatchOnFunctionError === true, 'one bad record holds up its whole batch'),
            ...unless(within(p.MaximumRetryAttempts, 0, relayLimits.retryAttempts), 'retries have no bound'),
            ...unless(
              within(p.MaximumRecordAgeInSeconds, 60, relayLimits.recordAgeSeconds),
              'records are retried without end',
            ),
            ...unless(keeps(zone, p.DestinationConfig?.OnFailure?.Destination), 'what fails for good is dropped'),
            ...unless(p.StartingPosition === 'TRIM_HORIZON', 'a mapping that is made again misses records'),
          ],
  },
  {
    id: 'Strongroom-CALL5',
    types: ['AWS::Lambda::EventSourceMapping'],
    keeps: ['AUD-1', 'WHK-2'],
    states:
      'A mapping hands over what its function’s row names, as much at once as the row says, and what fails is told one by one.',
    breaks: ({ name, p }, zone) => {
      const [, target = '', source = ''] = /^api\/(\w+)-from-(\w+)$/.exec(name) ?? [];
      return [
        ...unless(p.FunctionName === `api/${target}`, `it starts ${p.FunctionName}`),
        ...unless(
          JSON.stringify(p.FunctionResponseTypes) === '["ReportBatchItemFailures"]',
          'what succeeded is repeated with what failed',
        ),
        ...sourceFaults(target, source, p, zone),
      ];
    },
  },
  {
    id: 'Strongroom-CALL3',
    types: ['AWS::Scheduler::Schedule'],
    keeps: ['PAY-1'],
    states:
      'A schedule is on, starts its own function under its own role at the period of its row, and retries within it.',
    breaks: ({ name, p }, zone) => {
      const target = (/^api\/(\w+)-schedule$/.exec(name)?.[1] ?? '') as FunctionName;
      const row: FunctionRow | undefined = functions[target];
      if (row?.trigger.kind !== 'schedule') return [`${name} has no row in contract/functions.ts`];
      const { everyMinutes } = row.trigger;
      return [
        ...unless(p.State === 'ENABLED', 'it is off'),
        ...unless(
          /^rate\((\d+) minutes?\)$/.exec(p.ScheduleExpression)?.[1] === String(everyMinutes),
          `it starts at ${p.ScheduleExpression}`,
        ),
        ...unless(p.Target?.Arn === `api/${target}.Arn`, `it starts ${p.Target?.Arn}`),
        ...unless(
          referredTo(zone, p.Target?.RoleArn)?.name === `api/${target}-schedule-role`,
          `it acts as ${p.Target?.RoleArn}`,
        ),
        ...unless(within(p.Target?.RetryPolicy?.MaximumRetryAttempts, 0, 5), 'its retries have no bound'),
        ...unless(
          within(p.Target?.RetryPolicy?.MaximumEventAgeInSeconds, 60, everyMinutes * 60),
          'a start may outlive its period',
        ),
      ];
    },
  },
  {
    id: 'Strongroom-CALL4',
    types: ['AWS::Lambda::EventInvokeConfig'],
    keeps: ['PAY-1'],
    states: 'Lambda’s own retries of a start are bounded.',
    breaks: ({ p }) => [
      ...unless(within(p.MaximumRetryAttempts, 0, 2), 'its retries have no bound'),
      ...unless(within(p.MaximumEventAgeInSeconds, 60, 3600), 'a start may wait for more than an hour'),
    ],
  },
];
