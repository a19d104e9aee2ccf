// What starts functions: each caller is named, each retry is bounded, and what still fails is stored.

import {
  type FunctionName,
  type FunctionRow,
  functions,
  type TableName,
  type Trigger,
} from '../../../contract/capabilities.ts';
import { type EventFilter, filterPattern } from '../../../contract/kernel/function.ts';
import { zones } from '../../../contract/kernel/zones.ts';
import { relayLimits } from '../../../contract/relay/limits.ts';
import { queueConcurrencyOf } from '../../derive/concurrency.ts';
import { queueName, tableName } from '../../derive/names.ts';
import { functionAt } from '../../evidence/routes.ts';
import { isAnybody, isWildcard } from '../policies.ts';
import { type Json, ofType, type Rule, type RuleContext, referredTo, unless } from '../rule.ts';

const within = (value: unknown, least: number, most: number): boolean =>
  typeof value === 'number' && value >= least && value <= most;

/** Whether it is a bucket of the zone: a queue would hold the position of a record in its stream, not the record. */
const isBucket = (zone: RuleContext, destination: unknown): boolean =>
  ofType(zone, 'AWS::S3::Bucket').some(({ name }) => destination === `${name}.Arn`);

const criteriaOf = (filter: EventFilter | undefined, { deployment, region }: RuleContext): string | undefined =>
  filter && JSON.stringify({ Filters: [{ Pattern: filterPattern(filter, zones[deployment.zone], region) }] });

/** More readers of one shard throttle each other (DynamoDB developer guide, "Change data capture", read 2026-11). */
const readersPerStream = 2;

/** Any other source is treated as a stream. */
const isQueue = (source: unknown): boolean => typeof source === 'string' && /^arn:aws:sqs:/.test(source);

const sourceFaults = (target: string, source: string, p: Json, zone: RuleContext): readonly string[] => {
  const trigger: Trigger | undefined = functions[target as FunctionName]?.trigger;
  switch (trigger?.kind) {
    case 'streams':
      return [
        ...unless(
          trigger.tables.some(
            (table) =>
              table === source && referredTo(zone, p.EventSourceArn)?.p.TableName === tableName(zone.deployment, table),
          ),
          `it reads ${p.EventSourceArn}`,
        ),
        ...unless(p.BatchSize === trigger.batchRecords, `it reads ${p.BatchSize} records at once`),
        ...unless(
          p.FilterCriteria === undefined ||
            JSON.stringify(p.FilterCriteria) === criteriaOf(trigger.eventFilters?.[source as TableName], zone),
          'its filter is not the one of the row',
        ),
      ];
    case 'queue':
      return [
        ...unless(
          p.EventSourceArn === `arn:aws:sqs:${zone.region}:<account>:${queueName(zone.deployment, trigger.queue)}`,
          `it reads ${p.EventSourceArn}`,
        ),
        ...unless(p.BatchSize === trigger.batchMessages, `it reads ${p.BatchSize} messages at once`),
        ...unless(
          p.ScalingConfig?.MaximumConcurrency === queueConcurrencyOf(zone.deployment, trigger.concurrency),
          `it may use all instances of the account, not ${queueConcurrencyOf(zone.deployment, trigger.concurrency)}`,
        ),
      ];
    default:
      return ['no row names its source'];
  }
};

export const callers: readonly Rule[] = [
  {
    id: 'Strongroom-CALL1',
    types: ['AWS::Lambda::Permission'],
    promises: ['API-1', 'NET-1'],
    statement: 'A function may be called by a service in the name of one resource of this account, and by nobody else.',
    check: ({ p }, zone) => [
      ...unless(functionAt(zone, p.FunctionName) !== undefined, `${p.FunctionName} is no function of this zone`),
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
      ...unless(
        p.SourceAccount === '<account>' ||
          (p.SourceAccount === undefined && String(p.SourceArn).split(':')[4] === '<account>'),
        `its source may be another account’s`,
      ),
      ...unless(p.PrincipalOrgID === undefined, `it is for the organization ${p.PrincipalOrgID}`),
      ...unless(p.FunctionUrlAuthType === undefined, 'it opens a function URL'),
    ],
  },
  {
    id: 'Strongroom-CALL2',
    types: ['AWS::Lambda::EventSourceMapping'],
    promises: ['AUD-1', 'WHK-2'],
    statement:
      'A stream’s records are retried within bounds, in halves, and stored with their payload when they still fail.',
    check: ({ p }, zone) =>
      isQueue(p.EventSourceArn)
        ? []
        : [
            ...unless(p.BisectBatchOnFunctionError === true, 'one bad record holds up its whole batch'),
            ...unless(within(p.MaximumRetryAttempts, 0, relayLimits.retryAttempts), 'retries have no bound'),
            ...unless(
              within(p.MaximumRecordAgeInSeconds, 60, relayLimits.recordAgeSeconds),
              'records are retried without end',
            ),
            ...unless(isBucket(zone, p.DestinationConfig?.OnFailure?.Destination), 'what fails for good is dropped'),
            ...unless(p.StartingPosition === 'TRIM_HORIZON', 'a mapping that is made again misses records'),
          ],
  },
  {
    id: 'Strongroom-CALL5',
    types: ['AWS::Lambda::EventSourceMapping'],
    promises: ['AUD-1', 'WHK-2'],
    statement:
      'A mapping delivers what its function’s row names, in batches of the row’s size, and failures are reported item by item.',
    check: ({ name, p }, zone) => {
      const [, path = '', target = '', source = ''] = /^(\w+\/(\w+))-from-(\w+)$/.exec(name) ?? [];
      return [
        ...unless(p.FunctionName === path, `it starts ${p.FunctionName}`),
        ...unless(
          JSON.stringify(p.FunctionResponseTypes) === '["ReportBatchItemFailures"]',
          'items that succeeded are repeated with those that failed',
        ),
        ...sourceFaults(target, source, p, zone),
      ];
    },
  },
  {
    id: 'Strongroom-CALL6',
    types: ['AWS::Lambda::EventSourceMapping'],
    promises: ['AUD-1', 'WHK-2'],
    statement: `A table’s stream has at most ${readersPerStream} readers.`,
    check: ({ p }, zone) => {
      const readers = ofType(zone, 'AWS::Lambda::EventSourceMapping').filter(
        (other) => other.p.EventSourceArn === p.EventSourceArn,
      ).length;
      return unless(
        p.EventSourceArn !== undefined && (isQueue(p.EventSourceArn) || readers <= readersPerStream),
        `${p.EventSourceArn} has ${readers} readers`,
      );
    },
  },
  {
    id: 'Strongroom-CALL3',
    types: ['AWS::Scheduler::Schedule'],
    promises: ['PAY-1'],
    statement:
      'A schedule is on, starts its own function under its own role at the period of its row, and retries within it.',
    check: ({ name, p }, zone) => {
      const [, path = '', target = ''] = /^(\w+\/(\w+))-schedule$/.exec(name) ?? [];
      const row: FunctionRow | undefined = functions[target as FunctionName];
      if (row?.trigger.kind !== 'schedule') return [`${name} has no row in contract/<capability>/functions.ts`];
      const { everyMinutes } = row.trigger;
      return [
        ...unless(p.State === 'ENABLED', 'it is off'),
        ...unless(
          /^rate\((\d+) minutes?\)$/.exec(p.ScheduleExpression)?.[1] === String(everyMinutes),
          `it starts at ${p.ScheduleExpression}`,
        ),
        ...unless(p.Target?.Arn === `${path}.Arn`, `it starts ${p.Target?.Arn}`),
        ...unless(
          referredTo(zone, p.Target?.RoleArn)?.name === `${path}-schedule-role`,
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
    promises: ['PAY-1'],
    statement: 'Lambda’s own retries of a start are bounded.',
    check: ({ p }) => [
      ...unless(within(p.MaximumRetryAttempts, 0, 2), 'its retries have no bound'),
      ...unless(within(p.MaximumEventAgeInSeconds, 60, 3600), 'a start may wait for more than an hour'),
    ],
  },
];
