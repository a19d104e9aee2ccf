// Queues, their policies and their mappings as templates declare them.

import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { deploy } from '../../local/cloudformation/deployment.ts';
import { createAuthority, roleActor, serviceActor } from '../../local/iam/authorize.ts';
import { readPolicies } from '../../local/iam/policies.ts';
import type { Principal } from '../../local/iam/principals.ts';
import { checkTimeout, queueMappings } from '../../local/lambda/queues/mapping.ts';
import { mayPoll } from '../../local/lambda/queues/permission.ts';
import { streamMappings } from '../../local/lambda/streams/mapping.ts';
import { queuesOf } from '../../local/sqs/definition.ts';
import { openPlace, queueArn } from './sqs_endpoint.ts';
import { resource, stack, zoneOf } from './stacks.ts';

const account = '000000000000';
const roleArn = `arn:aws:iam::${account}:role/sender`;
const document = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });
const throughSqs = { StringEquals: { 'kms:ViaService': 'sqs.us-east-1.amazonaws.com' } };

const key = resource('AWS::KMS::Key', {
  KeyPolicy: document({
    Effect: 'Allow',
    Action: 'kms:*',
    Resource: '*',
    Principal: { AWS: `arn:aws:iam::${account}:root` },
  }),
});
const role = (...statements: object[]) =>
  resource('AWS::IAM::Role', {
    RoleName: 'sender',
    AssumeRolePolicyDocument: document({
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { Service: 'lambda.amazonaws.com' },
    }),
    Policies: [{ PolicyName: 'row', PolicyDocument: document(...statements) }],
  });
const arnOf = (name: string) => ({ 'Fn::GetAtt': [name, 'Arn'] });
const mapping = (more: object = {}) =>
  resource('AWS::Lambda::EventSourceMapping', {
    EventSourceArn: arnOf('Jobs'),
    FunctionName: 'deliver',
    BatchSize: 10,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    ScalingConfig: { MaximumConcurrency: 5 },
    ...more,
  });
const zone = (more: Parameters<typeof stack>[1] = {}, jobs: object = {}, dead: object = {}) =>
  deploy(
    zoneOf(
      stack('relay', {
        Key: key,
        Jobs: resource('AWS::SQS::Queue', {
          QueueName: 'jobs',
          KmsMasterKeyId: arnOf('Key'),
          KmsDataKeyReusePeriodSeconds: 300,
          VisibilityTimeout: 60,
          MessageRetentionPeriod: 1_209_600,
          ReceiveMessageWaitTimeSeconds: 20,
          RedrivePolicy: { deadLetterTargetArn: arnOf('Dead'), maxReceiveCount: 20 },
          ...jobs,
        }),
        Dead: resource('AWS::SQS::Queue', {
          QueueName: 'dead',
          RedriveAllowPolicy: { redrivePermission: 'byQueue', sourceQueueArns: [queueArn('jobs')] },
          ...dead,
        }),
        Policy: resource('AWS::SQS::QueuePolicy', {
          Queues: [{ Ref: 'Jobs' }],
          PolicyDocument: document({
            Effect: 'Deny',
            Action: 'sqs:*',
            Principal: { AWS: '*' },
            Resource: arnOf('Jobs'),
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        }),
        ...more,
      }),
    ),
    {},
    'http://127.0.0.1:4566',
  );

const keyArn = zone().of('AWS::KMS::Key')[0]?.physical.attributes.Arn ?? '';

test('a queue is called at the endpoint, and is what its template says', () => {
  const deployment = zone();
  const [jobs] = deployment.of('AWS::SQS::Queue');
  expect(jobs?.physical.ref).toBe(`http://127.0.0.1:4566/${account}/jobs`);
  expect(queuesOf(deployment)[0]).toEqual({
    name: 'jobs',
    arn: queueArn('jobs'),
    visibilityMs: 60_000,
    retentionMs: 1_209_600_000,
    waitMs: 20_000,
    redrive: { to: 'dead', receives: 20 },
    keyArn,
  });
});

test.each<[string, object, object, RegExp]>([
  ['is FIFO', { QueueName: 'jobs.fifo' }, {}, /Only standard queues/],
  ['is FIFO without a name', { FifoQueue: true }, {}, /Only standard queues/],
  ['delays everything', { DelaySeconds: 5 }, {}, /DelaySeconds/],
  [
    'has its dead letters in a queue elsewhere',
    { RedrivePolicy: { deadLetterTargetArn: queueArn('x'), maxReceiveCount: 1 } },
    {},
    /is not in the templates/,
  ],
  [
    'has its dead letters where it may not',
    {},
    { RedriveAllowPolicy: { redrivePermission: 'denyAll' } },
    /takes no messages/,
  ],
  [
    'has its dead letters where others may',
    {},
    { RedriveAllowPolicy: { redrivePermission: 'byQueue', sourceQueueArns: [queueArn('x')] } },
    /takes no messages/,
  ],
])('a queue that %s stops the boot', (_, jobs, dead, why) => {
  expect(() => queuesOf(zone({}, jobs, dead))).toThrow(why);
});

test('a mapping is of a queue or of a stream, and each is run by its own', () => {
  const deployment = zone({ Mapping: mapping() });
  expect(streamMappings(deployment)).toEqual([]);
  expect(queueMappings(deployment, queuesOf(deployment))).toMatchObject([
    { queue: { name: 'jobs' }, functionName: 'deliver', batchMessages: 10, concurrency: 5, reportsFailures: true },
  ]);
});

test.each<[string, object, RegExp]>([
  ['filters', { FilterCriteria: {} }, /FilterCriteria/],
  ['takes from a queue elsewhere', { EventSourceArn: queueArn('x') }, /x is not in the templates/],
  ['takes many without a window', { BatchSize: 11 }, /batching window/],
  ['is for one at a time', { ScalingConfig: { MaximumConcurrency: 1 } }, /MaximumConcurrency/],
])('a mapping that %s is refused', (_, more, why) => {
  const deployment = zone({ Mapping: mapping(more) });
  expect(() => queueMappings(deployment, queuesOf(deployment))).toThrow(why);
});

test('a function that may outlive its messages’ time is refused, as by AWS', () => {
  const deployment = zone({ Mapping: mapping() });
  const [found] = queueMappings(deployment, queuesOf(deployment));
  if (found === undefined) throw new Error('no mapping');
  expect(() => checkTimeout(found, 60_000)).not.toThrow();
  expect(() => checkTimeout(found, 60_001)).toThrow(
    /deliver may run for 60.001 s, but messages of jobs come back after 60 s/,
  );
});

const sender: Principal = {
  kind: 'function',
  arn: `arn:aws:sts::${account}:assumed-role/sender/sender`,
  roleArn,
  functionArn: `arn:aws:lambda:us-east-1:${account}:function:sender`,
  region: 'us-east-1',
  inVpc: false,
};
const sends = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queueArn('jobs') };
const seals = {
  Effect: 'Allow',
  Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
  Resource: keyArn,
  Condition: throughSqs,
};

test.each<[string, object[], string | undefined]>([
  ['everything', [sends, seals], undefined],
  [
    'no sqs:SendMessage',
    [{ ...sends, Action: 'sqs:ReceiveMessage' }, seals],
    `sqs:SendMessage on resource: ${queueArn('jobs')}`,
  ],
  [
    'another queue',
    [{ ...sends, Resource: queueArn('dead') }, seals],
    `sqs:SendMessage on resource: ${queueArn('jobs')}`,
  ],
  [
    'no kms:GenerateDataKey',
    [sends, { ...seals, Action: 'kms:Decrypt' }],
    `kms:GenerateDataKey on resource: ${keyArn}`,
  ],
  ['no kms:Decrypt', [sends, { ...seals, Action: 'kms:GenerateDataKey' }], `kms:Decrypt on resource: ${keyArn}`],
  [
    'the key through another service',
    [sends, { ...seals, Condition: { StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } } }],
    `kms:GenerateDataKey on resource: ${keyArn}`,
  ],
])('a role with %s: who is refused what on what is named', async (_, statements, refused) => {
  const deployment = zone({ Role: role(...statements) });
  const place = await openPlace(queuesOf(deployment), { policies: readPolicies(deployment), principal: sender });
  const sent = place.client.send(new SendMessageCommand({ QueueUrl: place.url('jobs'), MessageBody: 'x' }));
  if (refused === undefined) await expect(sent).resolves.toMatchObject({ MD5OfMessageBody: expect.any(String) });
  else {
    await expect(sent).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await expect(sent).rejects.toThrow(
      `User: ${sender.arn} is not authorized to perform: ${refused} because no identity-based policy`,
    );
  }
  expect(place.store.queues.counts('jobs').ready).toBe(refused === undefined ? 1 : 0);
  await place.stop();
});

test('a queue’s own policy is asked, too: what comes without TLS is refused', () => {
  const policies = readPolicies(zone({ Role: role(sends) }));
  const access = { action: 'sqs:SendMessage', resource: queueArn('jobs'), conditionKeys: {} };
  const actor = roleActor(roleArn, 'session', 'us-east-1');
  expect(policies.refusal(actor, access)).toBeUndefined();
  const plain = { ...actor, keys: { ...actor.keys, 'aws:SecureTransport': ['false'] } };
  expect(policies.refusal(plain, access)?.message).toMatch(/with an explicit deny in a resource-based policy$/);
  expect(policies.refusal(serviceActor('sns.amazonaws.com', 'us-east-1'), access)).toBeDefined();
});

test('two policies of one queue, or one of a queue elsewhere, stop the boot', () => {
  const policy = (Queues: unknown[]) => resource('AWS::SQS::QueuePolicy', { Queues, PolicyDocument: document() });
  expect(() => readPolicies(zone({ Second: policy([{ Ref: 'Jobs' }]) }))).toThrow(/has a policy already/);
  expect(() => readPolicies(zone({ Second: policy(['https://sqs.us-east-1.amazonaws.com/1/x']) }))).toThrow(
    /not in the templates/,
  );
});

test.each(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'kms:Decrypt'])(
  'without %s Lambda does not poll for the function',
  (missing) => {
    const statement = (action: string) => ({
      Effect: 'Allow',
      Action: action,
      Resource: action.startsWith('kms:') ? keyArn : queueArn('jobs'),
    });
    const needed = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'kms:Decrypt'];
    const target = { roleArn, name: 'deliver', region: 'us-east-1' };
    const all = queuesOf(zone());
    const [definition] = all;
    if (definition === undefined) throw new Error('no queue');
    const ask = (actions: string[]) => {
      const authority = createAuthority({ refused: () => {} });
      authority.govern('us-east-1', readPolicies(zone({ Role: role(...actions.map(statement)) })));
      return mayPoll(authority, target, definition, all);
    };
    expect(ask(needed)).toBe(true);
    expect(ask(needed.filter((action) => action !== missing))).toBe(false);
  },
);
