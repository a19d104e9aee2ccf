// What AWS refuses although every single property is acceptable: combinations, and resources that ask for another one to be there
// first. Where AWS says so stands in docs/decisions/0039.

import type { StackTemplate } from '../../evidence/template.ts';
import { statementsOf } from '../policies.ts';
import { type Json, listed, ofType, type Resource, type Rule, type RuleContext, referredTo, unless } from '../rule.ts';
import { within } from './accepted_sizes.ts';
import { capacityOf, mostCapacity } from './web_acl_capacity.ts';

const queueOf = (zone: RuleContext, arn: Json): Resource | undefined =>
  ofType(zone, 'AWS::SQS::Queue').find(({ p }) => typeof arn === 'string' && arn.endsWith(`:${p.QueueName}`));

const isPeriod = (seconds: unknown): boolean =>
  typeof seconds === 'number' && seconds > 0 && ([10, 20, 30].includes(seconds) || seconds % 60 === 0);

function alarmFaults(p: Json): readonly string[] {
  const metrics = listed(p.Metrics);
  const periods: number[] =
    p.Period === undefined ? metrics.flatMap(({ MetricStat: of }) => listed(of?.Period)) : [p.Period];
  const longest = Math.max(...periods) * p.EvaluationPeriods;
  const bound = Math.max(...periods) >= 3_600 ? 604_800 : 86_400;
  return [
    ...unless(periods.length > 0 && periods.every(isPeriod), `its periods are ${periods.join(', ')} s`),
    ...unless(longest <= bound, `it looks at ${longest} s, of ${bound} that are possible`),
    ...unless((p.DatapointsToAlarm ?? 1) <= p.EvaluationPeriods, 'it asks for more points than it looks at'),
    ...unless(
      metrics.length === 0 || metrics.filter(({ ReturnData }) => ReturnData !== false).length === 1,
      'not exactly one of its metrics is the one that is compared',
    ),
    ...unless(new Set(metrics.map(({ Id }) => Id)).size === metrics.length, 'two of its metrics have one id'),
  ];
}

const stackOf = ({ logicalId, path }: Resource, { stacks }: RuleContext): StackTemplate | undefined =>
  [...stacks.values()].find(({ paths }) => paths.get(logicalId) === path);

/** Paths of what a resource waits for. */
function waitsFor(resource: Resource, zone: RuleContext): readonly string[] {
  const stack = stackOf(resource, zone);
  return listed(stack?.template.Resources[resource.logicalId]?.DependsOn).flatMap((id) => listed(stack?.paths.get(id)));
}

const waitsForOne = (resource: Resource, zone: RuleContext, type: string): boolean =>
  ofType(zone, type).some(({ path }) => waitsFor(resource, zone).includes(path));

/** Requests a second that a new account may serve, and at once; fewer in Melbourne, where the account's quota must be raised first. */
const accountThrottle = { rate: 10_000, burst: 5_000 };

const keySuffix = /^arn:aws:logs:[a-z0-9-]+:<account>:log-group:(.*)$/;

/** Whether CloudWatch Logs may use the key for the group: otherwise it refuses to make it. */
function isSealable(resource: Resource, zone: RuleContext): boolean {
  const { p: group } = resource;
  const region = stackOf(resource, zone)?.region;
  const key = referredTo(zone, group.KmsKeyId);
  return (
    key !== undefined &&
    statementsOf(key.p.KeyPolicy).some(
      ({ Principal, Condition }) =>
        Principal?.Service === `logs.${region}.amazonaws.com` &&
        listed(Condition?.ArnLike?.['kms:EncryptionContext:aws:logs:arn']).some((arn) => {
          const [, pattern = ''] = keySuffix.exec(arn) ?? [];
          return pattern.endsWith('*')
            ? String(group.LogGroupName).startsWith(pattern.slice(0, -1))
            : group.LogGroupName === pattern;
        }),
    )
  );
}

const promises = ['HST-2'] as const;

export const acceptedTogether: readonly Rule[] = [
  {
    id: 'Strongroom-AWS5',
    types: ['AWS::Lambda::EventSourceMapping'],
    promises,
    statement:
      'A queue hides a message for at least as long as its function may run, large batches wait for their window, and there are at most five filters.',
    check: ({ p }, zone) => {
      const queue = queueOf(zone, p.EventSourceArn);
      const target = referredTo(zone, p.FunctionName);
      return [
        ...unless(listed(p.FilterCriteria?.Filters).length <= 5, 'it has more than five filters'),
        ...(queue === undefined
          ? []
          : [
              ...unless(
                queue.p.VisibilityTimeout >= target?.p.Timeout,
                `a message is hidden for ${queue.p.VisibilityTimeout} s, less than the ${target?.p.Timeout} s that the function may run`,
              ),
              ...unless(
                p.BatchSize <= 10 || p.MaximumBatchingWindowInSeconds >= 1,
                'more than ten messages at once need a window to collect them in',
              ),
            ]),
      ];
    },
  },
  {
    id: 'Strongroom-AWS6',
    types: ['AWS::DynamoDB::GlobalTable'],
    promises,
    statement: 'A table has at most 20 indexes and defines exactly the attributes that are keys.',
    check: ({ p }) => {
      const indexes = [...listed(p.GlobalSecondaryIndexes), ...listed(p.LocalSecondaryIndexes)];
      const keys = new Set(
        [p, ...indexes].flatMap(({ KeySchema }) => listed(KeySchema)).map((each) => each.AttributeName),
      );
      const defined: string[] = listed(p.AttributeDefinitions).map(({ AttributeName }) => AttributeName);
      return [
        ...unless(keys.size > 0, 'it has no key'),
        ...unless(indexes.length <= 20, `it has ${indexes.length} indexes`),
        ...defined.filter((each) => !keys.has(each)).map((each) => `${each} is defined and no key`),
        ...[...keys].filter((each) => !defined.includes(each)).map((each) => `${each} is a key and not defined`),
      ];
    },
  },
  {
    id: 'Strongroom-AWS7',
    types: ['AWS::CloudWatch::Alarm'],
    promises,
    statement:
      'An alarm looks at one day at most, or at seven in periods of an hour or more, in periods that CloudWatch has, and compares one value.',
    check: ({ p }) => alarmFaults(p),
  },
  {
    id: 'Strongroom-AWS11',
    types: ['AWS::WAFv2::WebACL'],
    promises,
    statement: `A web ACL needs at most ${mostCapacity} capacity units, which is what is included, has at most ten rate rules, and no two rules of one name or priority.`,
    check: ({ p }) => {
      const rules = listed(p.Rules);
      return [
        ...within(capacityOf(rules), mostCapacity, 'its capacity'),
        ...within(
          rules.filter(({ Statement }) => Statement?.RateBasedStatement).length,
          10,
          'the number of its rate rules',
        ),
        ...['Name', 'Priority'].flatMap((each) =>
          unless(new Set(rules.map((rule) => rule[each])).size === rules.length, `two rules have one ${each}`),
        ),
        ...rules
          .map(({ Action }) => Action?.Block?.CustomResponse?.CustomResponseBodyKey)
          .filter((body) => body !== undefined && p.CustomResponseBodies?.[body] === undefined)
          .map((body) => `there is no response body ${body}`),
        ...Object.values<Json>(p.CustomResponseBodies ?? {}).flatMap(({ Content }) =>
          within(String(Content).length, 4_096, 'a response body'),
        ),
      ];
    },
  },
  {
    id: 'Strongroom-AWS12',
    types: ['AWS::ApiGateway::RestApi'],
    promises,
    statement:
      'An API with a security policy of today names its endpoint access mode, and has at most 300 resources and ten authorizers; the account has at most 300 usage plans.',
    check: ({ p, name }, zone) => {
      const own = (type: string): number => ofType(zone, type).filter(({ p: each }) => each.RestApiId === name).length;
      return [
        ...unless(
          !String(p.SecurityPolicy).startsWith('SecurityPolicy_') || p.EndpointAccessMode !== undefined,
          'it names no endpoint access mode',
        ),
        ...within(own('AWS::ApiGateway::Resource'), 300, 'the number of its resources'),
        ...within(own('AWS::ApiGateway::Authorizer'), 10, 'the number of its authorizers'),
        ...within(ofType(zone, 'AWS::ApiGateway::UsagePlan').length, 300, 'the number of usage plans'),
      ];
    },
  },
  {
    id: 'Strongroom-AWS13',
    types: ['AWS::ApiGateway::Stage'],
    promises,
    statement: 'A stage limits to no more than a new account may serve, and its account has a role for logs.',
    check: (resource, zone) => {
      const { rate, burst } = accountThrottle;
      return [
        ...listed(resource.p.MethodSettings).flatMap(({ ResourcePath, ThrottlingRateLimit, ThrottlingBurstLimit }) =>
          unless(
            (ThrottlingRateLimit ?? 0) <= rate && (ThrottlingBurstLimit ?? 0) <= burst,
            `${ResourcePath} is promised more than the ${rate} requests a second (${burst} at once) of a new account`,
          ),
        ),
        // It stands in a stack of its own, which is deployed before.
        ...unless(
          resource.p.AccessLogSetting === undefined || ofType(zone, 'AWS::ApiGateway::Account').length === 1,
          'its account has no role for logs',
        ),
      ];
    },
  },
  {
    id: 'Strongroom-AWS14',
    types: ['AWS::SecretsManager::RotationSchedule'],
    promises,
    statement: 'A rotation is scheduled after Secrets Manager may call its function: it calls it at once.',
    check: (resource, zone) =>
      unless(
        waitsForOne(resource, zone, 'AWS::Lambda::Permission'),
        'it may be made before the permission to call its function',
      ),
  },
  {
    id: 'Strongroom-AWS15',
    types: ['AWS::Logs::LogGroup'],
    promises,
    statement: 'The key of a log group lets CloudWatch Logs use it for that group.',
    check: (resource, zone) =>
      unless(isSealable(resource, zone), `its key is closed to the logs of ${resource.p.LogGroupName}`),
  },
];
