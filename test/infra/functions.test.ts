// Functions, as the templates hold them: each may do what its row says and nothing else, and is told no more than that.

import canonicalize from 'canonicalize';
import { describe, expect, test } from 'vitest';
import {
  type FunctionName,
  type FunctionRow,
  functions,
  queues,
  type TableGrant,
  type TableName,
  type Trigger,
  tables,
} from '../../contract/capabilities.ts';
import { pages } from '../../contract/docs/pages.ts';
import { variables } from '../../contract/kernel/environment.ts';
import { filterPattern, newlyReceived } from '../../contract/kernel/function.ts';
import { patternOf, type Table } from '../../contract/kernel/table.ts';
import { zones as geography } from '../../contract/kernel/zones.ts';
import { ingress } from '../../contract/processor_events/ingress.ts';
import { relayLimits } from '../../contract/relay/limits.ts';
import { receiveEvent } from '../../lambdas/processor_events/domain/processor_event.ts';
import { functionOf, inFunctionStacks, lambdas, ofFunction, plainOf } from './functions_of.ts';
import { account, plain } from './plain.ts';
import { ofType, only, type Resource, stackNames, synthesized, type Zone } from './templates.ts';

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: string | string[];
  readonly Condition?: unknown;
}

const { zones } = synthesized();

const rows = Object.entries(functions) as [FunctionName, FunctionRow][];
const list = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value : [value as T]);

const statementsOf = (zone: Zone, name: FunctionName): Statement[] => {
  const { stack, properties } = functionOf(zone, name);
  const role = zone[stack].Resources[properties.Role['Fn::GetAtt'][0]];
  return plain(
    zone,
    stack,
    only<Resource['Properties']>(role?.Properties.Policies).PolicyDocument.Statement,
  ) as Statement[];
};

const forEachFunction = (check: (zone: Zone, name: FunctionName, row: FunctionRow) => void): void => {
  for (const zone of zones) for (const [name, row] of rows) check(zone, name, row);
};

/** `action resource conditions`, one line each: a policy as a set. What is denied says so. */
const lines = (statements: readonly Statement[]): string[] =>
  statements
    .flatMap(({ Effect, Action, Resource, Condition }) =>
      list(Action).flatMap((action) =>
        list(Resource).map(
          (resource) =>
            `${Effect === 'Allow' ? '' : `${Effect} `}${action} ${resource} ${JSON.stringify(Condition ?? {})}`,
        ),
      ),
    )
    .sort();

const tableOf = ({ zone, stage }: Zone, of: string): string =>
  `arn:aws:dynamodb:${geography[zone].home}:${account}:table/strongroom-${stage}-${zone}-${of}`;

/** The same, written by hand from the row. */
const granted = (zone: Zone, name: FunctionName, row: FunctionRow): string[] => {
  const region = geography[zone.zone].home;
  const prefix = `strongroom-${zone.stage}-${zone.zone}`;
  const table = (of: string): string => tableOf(zone, of);
  const queue = (of: string): string => `arn:aws:sqs:${region}:${account}:${prefix}-${of}`;
  const queueOf = (trigger: Trigger): string => (trigger.kind === 'queue' ? queue(trigger.queue) : 'no queue');
  const key = (of: string): string => idOf(zone, 'AWS::KMS::Alias', 'AliasName', `alias/${prefix}-${of}`);
  const through = (service: string): string =>
    JSON.stringify({ StringEquals: { 'kms:ViaService': `${service}.${region}.amazonaws.com` } });
  return [
    ...row.tables.flatMap((grant) =>
      grant.verbs.map((verb) => {
        const resource = grant.index === undefined ? table(grant.table) : `${table(grant.table)}/index/${grant.index}`;
        if (grant.table === 'data_keys' && (verb === 'GetItem' || verb === 'PartiQLInsert')) {
          return `dynamodb:${verb} ${resource} ${ofPurposes(row, verb)}`;
        }
        return `dynamodb:${verb} ${resource} ${conditionsOf(verb, grant)}`;
      }),
    ),
    ...Object.entries(row.keys).flatMap(([of, verbs]) =>
      verbs.map(
        (verb) =>
          `kms:${verb} ${key(of)} ${/^ReEncrypt/.test(verb) ? '{"Bool":{"kms:ReEncryptOnSameKey":"true"}}' : '{}'}`,
      ),
    ),
    ...(row.tables.length > 0 || row.trigger.kind === 'streams'
      ? [`kms:Decrypt ${key('data')} ${through('dynamodb')}`]
      : []),
    ...row.secrets.map(
      (of) =>
        `secretsmanager:GetSecretValue ${idOf(zone, 'AWS::SecretsManager::Secret', 'Name', `${prefix}-${of}`)} {}`,
    ),
    ...(row.secrets.length > 0 && !row.keys.secrets?.includes('Decrypt')
      ? [`kms:Decrypt ${key('secrets')} ${through('secretsmanager')}`]
      : []),
    ...(row.trigger.kind === 'rotation'
      ? [
          ...row.trigger.secrets.flatMap((of) =>
            ['DescribeSecret', 'PutSecretValue', 'UpdateSecretVersionStage'].map(
              (verb) =>
                `secretsmanager:${verb} ${idOf(zone, 'AWS::SecretsManager::Secret', 'Name', `${prefix}-${of}`)} {}`,
            ),
          ),
          `kms:GenerateDataKey ${key('secrets')} ${through('secretsmanager')}`,
        ]
      : []),
    ...(row.trigger.kind === 'queue' ? ['DeleteMessage', 'GetQueueAttributes', 'ReceiveMessage'] : []).map(
      (verb) => `sqs:${verb} ${queueOf(row.trigger)} {}`,
    ),
    ...(row.sends ?? []).map((of) => `sqs:SendMessage ${queue(of)} {}`),
    ...(row.sends ? [`kms:GenerateDataKey ${key('data')} ${through('sqs')}`] : []),
    ...(row.sends || row.trigger.kind === 'queue' ? [`kms:Decrypt ${key('data')} ${through('sqs')}`] : []),
    ...(row.trigger.kind === 'streams' ? row.trigger.tables : []).flatMap((of) => [
      ...['DescribeStream', 'GetRecords', 'GetShardIterator'].map(
        (verb) => `dynamodb:${verb} ${streamOf(zone, `${prefix}-${of}`)} {}`,
      ),
      `dynamodb:ListStreams ${table(of)}/stream/* {}`,
    ]),
    ...(row.trigger.kind === 'streams'
      ? [
          `s3:PutObject ${failedRecords(zone)}/* {}`,
          `s3:ListBucket ${failedRecords(zone)} {}`,
          `kms:GenerateDataKey ${key('data')} ${through('s3')}`,
        ]
      : []),
    ...(row.publishes
      ? [
          `events:PutEvents arn:aws:events:${region}:${account}:event-bus/${prefix} ${JSON.stringify({ StringEquals: { 'events:source': 'strongroom' } })}`,
        ]
      : []),
    ...(row.makesUsageKeys
      ? [
          `apigateway:GET arn:aws:apigateway:${region}::/apikeys {}`,
          `apigateway:POST arn:aws:apigateway:${region}::/apikeys {}`,
          ...ofType(zone.api, 'AWS::ApiGateway::UsagePlan').map(
            ([id]) => `apigateway:POST arn:aws:apigateway:${region}::/usageplans/api:${id}/keys {}`,
          ),
        ]
      : []),
    ...vpcGrants(region, `arn:aws:lambda:${region}:${account}:function:${prefix}-${name}`),
    ...['CreateLogStream', 'PutLogEvents'].map(
      (verb) =>
        `logs:${verb} arn:aws:logs:${region}:${account}:log-group:/strongroom/${zone.stage}/${zone.zone}/${name}:* {}`,
    ),
  ].sort();
};

/** Lambda's own calls, for which EC2 knows no finer resource; denied to whoever calls with the function's credentials. */
const vpcGrants = (region: string, arn: string): string[] => {
  const changing = ['Create', 'Delete'].map((verb) => `ec2:${verb}NetworkInterface`);
  const assigning = ['Assign', 'Unassign'].map((verb) => `ec2:${verb}PrivateIpAddresses`);
  const seeing = ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'];
  const own = JSON.stringify({ ArnLike: { 'lambda:SourceFunctionArn': [arn, `${arn}:*`] } });
  return [
    ...[...changing, ...assigning].map((action) => `${action} arn:aws:ec2:${region}:${account}:*/* {}`),
    ...seeing.map((action) => `${action} * {}`),
    ...[...changing, ...assigning, ...seeing].map((action) => `Deny ${action} * ${own}`),
  ];
};

/** Data keys of those purposes alone whose wrapping key the function may use. */
const ofPurposes = ({ keys }: FunctionRow, verb: 'GetItem' | 'PartiQLInsert'): string =>
  JSON.stringify({
    'ForAllValues:StringLike': {
      'dynamodb:LeadingKeys': (['tenant', 'pii', 'secrets'] as const)
        .filter((key) => keys[key]?.includes(verb === 'GetItem' ? 'Decrypt' : 'GenerateDataKey'))
        .map((key) => `*#${key}`),
    },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  });

const conditionsOf = (verb: string, { table, rows: kinds, attributes, countsOnly }: TableGrant): string =>
  JSON.stringify({
    ...(attributes !== undefined && { 'ForAllValues:StringEquals': { 'dynamodb:Attributes': attributes } }),
    ...((attributes ?? kinds) !== undefined && {
      Null: {
        ...(attributes !== undefined && { 'dynamodb:Attributes': 'false' }),
        ...(kinds !== undefined && { 'dynamodb:LeadingKeys': 'false' }),
      },
    }),
    ...(attributes !== undefined &&
      (countsOnly
        ? { StringEquals: { 'dynamodb:Select': 'COUNT' } }
        : {
            StringEqualsIfExists: /Get|Query|Scan/.test(verb)
              ? { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' }
              : { 'dynamodb:ReturnValues': ['NONE', 'UPDATED_OLD', 'UPDATED_NEW'] },
          })),
    ...(kinds !== undefined && {
      'ForAllValues:StringLike': {
        'dynamodb:LeadingKeys': kinds.flatMap((kind) => (tables[table] as Table).rows[kind]?.partitions),
      },
    }),
  });

const idOf = (zone: Zone, type: string, property: string, name: string): string => {
  const stack = type === 'AWS::SecretsManager::Secret' ? 'secrets' : 'keys';
  const [id, { Properties }] = only(ofType(zone[stack], type).filter(([, each]) => each.Properties[property] === name));
  return Properties.TargetKeyId === undefined ? `${stack}:${id}` : String(plain(zone, 'keys', Properties.TargetKeyId));
};

const streamOf = (zone: Zone, name: string): string =>
  `data:${only(ofType(zone.data, 'AWS::DynamoDB::GlobalTable').filter(([, t]) => t.Properties.TableName === name))[0]}.StreamArn`;

const failedRecords = (zone: Zone): string => `relay:${only(ofType(zone.relay, 'AWS::S3::Bucket'))[0]}.Arn`;

/** Conditions are sets: their order says nothing. */
const inOrder = (line: string): string => line.replace(/\{.*\}$/, (json) => canonicalize(JSON.parse(json)) ?? json);

const namedTables = ({ tables: grants, trigger }: FunctionRow): TableName[] => [
  ...grants.map(({ table }) => table),
  ...(trigger.kind === 'streams' ? trigger.tables : []),
];

describe('functions', () => {
  test('there is one per row, with the row’s bounds', () => {
    for (const zone of zones) expect(lambdas(zone)).toHaveLength(rows.length);
    forEachFunction((zone, name, row) => {
      expect(functionOf(zone, name).properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        MemorySize: row.memoryMiB,
        Timeout: row.timeoutMs / 1000,
      });
    });
  });

  test('a function may do exactly what its row says', () => {
    forEachFunction((zone, name, row) => {
      const expected = granted(zone, name, row).map(inOrder).sort();
      expect(lines(statementsOf(zone, name)).map(inOrder).sort(), `${zone.stage} ${zone.zone} ${name}`).toEqual(
        expected,
      );
    });
  });

  /** Of a table, which functions may write how; every name and pattern that reaches it counts. */
  const writersOf = (zone: Zone, of: string): string[] => {
    const reaches = (resource: string): boolean => patternOf(resource).test(tableOf(zone, of));
    const writes = /^dynamodb:(?!(?:Get|BatchGet|Query|Scan|Describe|ListStreams|PartiQLSelect)\w*$)/;
    return rows.flatMap(([name]) =>
      statementsOf(zone, name)
        .filter(({ Effect, Resource }) => Effect === 'Allow' && list(Resource).some(reaches))
        .flatMap(({ Action }) => list(Action).filter((action) => writes.test(action)))
        .map((action) => `${name} ${action.slice('dynamodb:'.length)}`),
    );
  };

  test('[AUD-2] audit entries and events can be created, and never overwritten, changed or deleted', () => {
    for (const zone of zones) {
      for (const of of ['audit', 'events']) {
        const writers = writersOf(zone, of);
        expect(writers).toContain('relay PartiQLInsert');
        expect(writers.filter((writer) => !writer.endsWith(' PartiQLInsert'))).toEqual([]);
      }
    }
  });

  test('[IAM-1] wrapped data keys can be created, and changed by the rewrapper alone', () => {
    for (const zone of zones) {
      const writers = writersOf(zone, 'data_keys');
      expect(writers).toContain('money PartiQLInsert');
      expect(writers.filter((writer) => !writer.endsWith(' PartiQLInsert'))).toEqual(['rewrapper UpdateItem']);
    }
  });

  test('no action is a wildcard, and no data is reached by one', () => {
    forEachFunction((zone, name) => {
      for (const line of lines(statementsOf(zone, name))) {
        if (line.startsWith('Deny ')) continue;
        const [action = '', resource = ''] = line.split(' ');
        expect(action).not.toContain('*');
        if (resource.includes('*'))
          expect(action).toMatch(/^(logs:(CreateLogStream|PutLogEvents)|dynamodb:ListStreams|s3:PutObject|ec2:\w+)$/);
        if (action.startsWith('s3:')) expect(resource.replace(/\/\*$/, '')).toBe(failedRecords(zone));
      }
    });
  });

  test('every role is one principal’s, with no policy but the one inside it', () => {
    for (const zone of zones) {
      const used = lambdas(zone).map(({ properties }) => properties.Role['Fn::GetAtt'][0]);
      expect(new Set(used).size).toBe(used.length);
      expect(inFunctionStacks(zone, 'AWS::IAM::Policy')).toEqual([]);
      expect(inFunctionStacks(zone, 'AWS::IAM::ManagedPolicy')).toEqual([]);
      for (const { properties: role } of inFunctionStacks(zone, 'AWS::IAM::Role')) {
        expect(role.ManagedPolicyArns).toBeUndefined();
        expect(role.Policies).toHaveLength(1);
        const trust = only<Resource['Properties']>(role.AssumeRolePolicyDocument.Statement);
        expect(trust.Principal.Service).toMatch(/^(lambda|scheduler|apigateway|codedeploy)\.amazonaws\.com$/);
      }
    }
  });

  test('a function is told the names of what its row grants, and of nothing else', () => {
    forEachFunction((zone, name, row) => {
      const { stack, properties } = functionOf(zone, name);
      const { Variables } = properties.Environment;
      expect(Object.keys(Variables).sort()).toEqual(
        [
          ...['STAGE', 'ZONE', 'WRITER', 'BASE_URLS'],
          ...((row.network === 'egress' && !row.callsOtherRegion) || row.namesTestProcessor
            ? ['TEST_PROCESSOR_URL']
            : []),
          ...(row.callsOtherRegion ? ['OTHER_REGION_URL'] : []),
          ...(row.publishes ? ['BUS'] : []),
          ...(row.makesUsageKeys ? ['USAGE_PLANS'] : []),
          ...(row.trigger.kind === 'authorizer' ? ['RATE_CLASSES'] : []),
          ...(row.sends ?? []).map((queue) => `QUEUE_${queue.toUpperCase()}`),
          ...new Set(namedTables(row).map((table) => `TABLE_${table.toUpperCase()}`)),
          ...Object.keys(row.keys).map((key) => `KEY_${key.toUpperCase()}`),
          ...row.secrets.map((secret) => `SECRET_${secret.toUpperCase()}`),
        ]
          .map((variable) => `STRONGROOM_${variable}`)
          .concat(['POWERTOOLS_SERVICE_NAME', 'POWERTOOLS_LOG_LEVEL', 'POWERTOOLS_LOGGER_SAMPLE_RATE'])
          .sort(),
      );
      expect(Variables).toMatchObject({
        STRONGROOM_STAGE: zone.stage,
        STRONGROOM_ZONE: zone.zone,
        STRONGROOM_WRITER: zone.stage === 'production' ? 'lease' : 'configured',
        POWERTOOLS_SERVICE_NAME: 'strongroom',
        POWERTOOLS_LOG_LEVEL: 'INFO',
        POWERTOOLS_LOGGER_SAMPLE_RATE: '0',
      });
      for (const queue of row.sends ?? []) {
        const url = String(plain(zone, stack, Variables[`STRONGROOM_QUEUE_${queue.toUpperCase()}`]));
        const made = zone.relay.Resources[url.replace(/^relay:/, '')];
        expect(made?.Properties.QueueName).toBe(`strongroom-${zone.stage}-${zone.zone}-${queue}`);
      }
      for (const table of namedTables(row)) {
        expect(Variables[`STRONGROOM_TABLE_${table.toUpperCase()}`]).toBe(
          `strongroom-${zone.stage}-${zone.zone}-${table}`,
        );
      }
    });
  });

  test('[WHK-3] no template opens a way to loopback: that is the local cloud’s alone', () => {
    for (const zone of zones) {
      for (const stack of stackNames) expect(JSON.stringify(zone[stack])).not.toContain(variables.listenOrigin);
    }
  });

  test('[ENC-1] its environment and its logs are encrypted under the data key', () => {
    for (const zone of zones) {
      const data = idOf(zone, 'AWS::KMS::Alias', 'AliasName', `alias/strongroom-${zone.stage}-${zone.zone}-data`);
      for (const { stack, properties } of lambdas(zone)) {
        expect(plain(zone, stack, properties.KmsKeyArn)).toBe(data);
        const group = zone[stack].Resources[properties.LoggingConfig.LogGroup.Ref];
        expect(plain(zone, stack, group?.Properties.KmsKeyId)).toBe(data);
        expect(group?.Properties.RetentionInDays).toBeGreaterThanOrEqual(365);
      }
    }
  });
});

describe('what starts a function', () => {
  test('[AUD-1] streams are read from their oldest record, in bounded tries, and failures are told record by record', () => {
    for (const zone of zones) {
      for (const [name, { trigger }] of rows) {
        const mappings = ofFunction(zone, name, 'AWS::Lambda::EventSourceMapping');
        if (trigger.kind === 'queue') continue;
        const expected = trigger.kind === 'streams' ? trigger.tables : [];
        expect(mappings.map((each) => plainOf(zone, each, each.properties.EventSourceArn)).sort()).toEqual(
          expected.map((table) => streamOf(zone, `strongroom-${zone.stage}-${zone.zone}-${table}`)).sort(),
        );
        for (const mapping of mappings) {
          expect(mapping.properties).toMatchObject({
            StartingPosition: 'TRIM_HORIZON',
            BatchSize: trigger.kind === 'streams' ? trigger.batchRecords : undefined,
            BisectBatchOnFunctionError: true,
            FunctionResponseTypes: ['ReportBatchItemFailures'],
            MaximumRecordAgeInSeconds: relayLimits.recordAgeSeconds,
            MaximumRetryAttempts: relayLimits.retryAttempts,
          });
          expect(plainOf(zone, mapping, mapping.properties.DestinationConfig)).toEqual({
            OnFailure: {
              Destination: failedRecords(zone),
            },
          });
          expect(mapping.properties.MetricsConfig).toEqual({ Metrics: ['EventCount'] });
        }
      }
    }
  });

  test('[AUD-1] [PAY-2] a stream hands over the records that its function’s row filters for, and all where it names no filter', () => {
    for (const zone of zones) {
      const prefix = `strongroom-${zone.stage}-${zone.zone}-`;
      for (const [name, { trigger }] of rows) {
        if (trigger.kind !== 'streams') continue;
        for (const table of trigger.tables) {
          const { properties } = only(
            ofFunction(zone, name, 'AWS::Lambda::EventSourceMapping').filter(
              (each) => plainOf(zone, each, each.properties.EventSourceArn) === streamOf(zone, prefix + table),
            ),
          );
          const pattern = trigger.eventFilters?.[table];
          const regions = geography[zone.zone as keyof typeof geography];
          expect(properties.FilterCriteria, `${name} ${table}`).toEqual(
            pattern && { Filters: [{ Pattern: filterPattern(pattern, regions, regions.home) }] },
          );
        }
      }
    }
  });

  test('[PAY-2] the filter lets through what the ingress writes: a new row, received', () => {
    const fresh = receiveEvent({
      id: 'x',
      tenant: 'x',
      mode: 'test',
      connection: 'x',
      provider: 'stripe',
      notifications: [
        {
          eventId: 'x',
          occurredAtMs: 0,
          reference: null,
          order: null,
          charge: 'x',
          amount: null,
          effect: { kind: 'pending', charge: 'x' },
        },
      ],
      received: new Uint8Array() as never,
      received_at_ms: 0,
      request_id: 'x',
    });
    expect(newlyReceived.dynamodb.NewImage.status.S).toEqual([fresh.status]);
  });

  test('[WHK-2] a queue’s messages are taken at once, as many as the row says, and failures are told message by message', () => {
    const region = (zone: Zone): string => geography[zone.zone].home;
    for (const zone of zones) {
      for (const [name, { trigger }] of rows) {
        if (trigger.kind !== 'queue') continue;
        const mapping = only(ofFunction(zone, name, 'AWS::Lambda::EventSourceMapping'));
        const { stack, id } = functionOf(zone, name);
        const { Tags: _, ...properties } = mapping.properties;
        expect(plainOf(zone, mapping, properties)).toEqual({
          FunctionName: `${stack}:${id}`,
          EventSourceArn: `arn:aws:sqs:${region(zone)}:${account}:strongroom-${zone.stage}-${zone.zone}-${trigger.queue}`,
          BatchSize: trigger.batchMessages,
          MaximumBatchingWindowInSeconds: 0,
          FunctionResponseTypes: ['ReportBatchItemFailures'],
          ScalingConfig: { MaximumConcurrency: trigger.concurrency },
        });
      }
    }
  });

  test('[WHK-2] a message stays hidden for longer than its function may work on it', () => {
    for (const { trigger, timeoutMs } of Object.values<FunctionRow>(functions)) {
      if (trigger.kind === 'queue') expect(queues[trigger.queue].visibilityMs).toBeGreaterThan(timeoutMs);
    }
  });

  test('a scheduled start that fails is left to the next one', () => {
    for (const zone of zones) {
      const scheduled = rows.filter(([, { trigger }]) => trigger.kind === 'schedule');
      const configs = inFunctionStacks(zone, 'AWS::Lambda::EventInvokeConfig').map(({ properties }) => properties);
      expect(configs.map(({ FunctionName }) => FunctionName.Ref)).toEqual(
        scheduled.map(([name]) => functionOf(zone, name).id),
      );
      expect(configs).toMatchObject(
        scheduled.map(([, { trigger }]) => ({
          Qualifier: '$LATEST',
          MaximumRetryAttempts: 0,
          MaximumEventAgeInSeconds: trigger.kind === 'schedule' ? trigger.everyMinutes * 60 : 0,
        })),
      );
    }
  });

  test('[API-2] production bounds what anybody may start and what must not overlap, and nothing that answers merchants', () => {
    for (const zone of zones) {
      for (const [name, row] of rows) {
        expect(functionOf(zone, name).properties.ReservedConcurrentExecutions, name).toBe(row.reservedConcurrency);
      }
    }
    // Pages and the ingress ask for no credential.
    const open = new Set<FunctionName>([ingress.function, ...Object.values(pages).map((page) => page.function)]);
    for (const [name, { trigger, reservedConcurrency }] of rows) {
      if (open.has(name)) expect(reservedConcurrency, name).toBeGreaterThan(1);
      else if (trigger.kind === 'schedule') expect(reservedConcurrency, name).toBe(1);
      else if (trigger.kind === 'api' || trigger.kind === 'authorizer')
        expect(reservedConcurrency, name).toBeUndefined();
    }
    expect(functions[ingress.function].reservedConcurrency).toBe(200);
  });

  test('a schedule starts its function every so many minutes, under a role that can do nothing else', () => {
    for (const zone of zones) {
      const schedules = inFunctionStacks(zone, 'AWS::Scheduler::Schedule').map(({ properties }) => properties);
      const scheduled = rows.flatMap(([name, { trigger }]) => (trigger.kind === 'schedule' ? [{ name, trigger }] : []));
      expect(schedules).toHaveLength(scheduled.length);
      for (const { name, trigger } of scheduled) {
        const { stack, id } = functionOf(zone, name);
        const arn = { 'Fn::GetAtt': [id, 'Arn'] };
        const schedule = only(schedules.filter(({ Target }) => JSON.stringify(Target.Arn) === JSON.stringify(arn)));
        expect(schedule.ScheduleExpression).toMatch(new RegExp(`^rate\\(${trigger.everyMinutes} minutes?\\)$`));
        expect(schedule.FlexibleTimeWindow).toEqual({ Mode: 'OFF' });
        expect(schedule.Target.RetryPolicy.MaximumEventAgeInSeconds).toBe(trigger.everyMinutes * 60);
        const role = zone[stack].Resources[schedule.Target.RoleArn['Fn::GetAtt'][0]]?.Properties;
        expect(only<Resource['Properties']>(role.Policies).PolicyDocument.Statement).toEqual([
          { Sid: 'Start', Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: arn },
        ]);
        expect(
          only<Resource['Properties']>(role.AssumeRolePolicyDocument.Statement).Condition.StringEquals,
        ).toHaveProperty('aws:SourceAccount');
      }
    }
  });
});
