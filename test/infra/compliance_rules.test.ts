// Our own rules, one by one: what a template leaves out is never taken for kept, and every rule can fail.

import { describe, expect, test } from 'vitest';
import { isWildcard } from '../../lib/compliance/policies.ts';
import type { Rule, Surroundings } from '../../lib/compliance/rule.ts';
import { rules } from '../../lib/compliance/strongroom_pack.ts';
import { wildcardReason, wildcards } from '../../lib/compliance/wildcards.ts';
import { ingressMethod, ingressPathShape } from '../../lib/derive/ingress.ts';
import { homeOf } from '../../lib/derive/names.ts';
import { type Json, type Resource, readAssembly } from '../../lib/evidence/reading.ts';
import real from '../../strongroom.config.ts';
import { cdkOut, only } from './templates.ts';

const production = real.stages.production;
if (production === undefined) throw new Error('production is missing');
const place = homeOf('production', production, 'us');
const empty: Surroundings = {
  id: 'production-us',
  region: 'us-east-1',
  account: undefined,
  stacks: new Map(),
  resources: [],
  place,
  locked: true,
};

const silent = (type: string): Resource => ({
  type,
  logicalId: 'x',
  name: 'x/x',
  path: 'production-us/x/x',
  templateFile: '',
  p: {},
  deletionPolicy: undefined,
});

const fails = (rule: Rule, resource: Resource): boolean => {
  try {
    return rule.breaks(resource, empty).length > 0;
  } catch {
    return true;
  }
};

/** Where saying nothing grants nothing. */
const innocent = new Set([
  'Strongroom-IAM1 AWS::IAM::Role',
  'Strongroom-IAM2 AWS::IAM::Role',
  'Strongroom-IAM4 AWS::IAM::Role',
  'Strongroom-IAM5 AWS::IAM::Role',
  'Strongroom-IAM1 AWS::IAM::Policy',
  'Strongroom-IAM2 AWS::IAM::Policy',
  'Strongroom-IAM1 AWS::IAM::ManagedPolicy',
  'Strongroom-IAM2 AWS::IAM::ManagedPolicy',
  'Strongroom-SG1 AWS::EC2::SecurityGroup',
  'Strongroom-WATCH5 AWS::CloudWatch::Dashboard',
]);

const zone: Surroundings = {
  ...only(readAssembly(cdkOut).filter(({ id }) => id === 'production-us')),
  place,
  locked: true,
};

/** A managed group that stops before whatever a path holds. */
const leavingOut =
  (RegexString: string) =>
  (rule: Json): Json => {
    const group = rule.Statement.ManagedRuleGroupStatement;
    if (group === undefined) return rule;
    const RegexMatchStatement = {
      FieldToMatch: { UriPath: {} },
      RegexString,
      TextTransformations: [{ Priority: 0, Type: 'NONE' }],
    };
    const ScopeDownStatement = { NotStatement: { Statement: { RegexMatchStatement } } };
    return { ...rule, Statement: { ManagedRuleGroupStatement: { ...group, ScopeDownStatement } } };
  };
/** The settler with the relay's filter: nothing that was just told carries a fact. */
const relayed = (filters: readonly Json[]): object => ({
  FilterCriteria: {
    Filters: filters.map(() => ({
      Pattern: JSON.stringify({ dynamodb: { NewImage: { fact: { M: { id: { S: [{ exists: true }] } } } } } }),
    })),
  },
});

/** Rule, construct, and the properties that a change would leave there. */
const faults: readonly (readonly [rule: string, name: string, change: (p: Json) => object])[] = [
  [
    'DDB1',
    'data/audit',
    ({ Replicas: [r] }) => ({
      Replicas: [
        { ...r, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 1 } },
      ],
    }),
  ],
  [
    'DDB2',
    'data/audit',
    ({ Replicas: [r] }) => ({ Replicas: [{ ...r, SSESpecification: { KMSMasterKeyId: 'keys/key-tenant.Arn' } }] }),
  ],
  ['DDB3', 'data/audit', ({ Replicas: [r] }) => ({ Replicas: [{ ...r, DeletionProtectionEnabled: false }] })],
  ['DDB4', 'data/events', () => ({ StreamSpecification: { StreamViewType: 'KEYS_ONLY' } })],
  ['DDB5', 'data/audit', ({ Replicas }) => ({ Replicas: [...Replicas, { Region: 'eu-west-1' }] })],
  ['KMS1', 'keys/key-data', () => ({ RotationPeriodInDays: 366 })],
  [
    'KMS2',
    'keys/key-tenant',
    () => ({
      KeyPolicy: { Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'kms:Decrypt', Condition: {} }] },
    }),
  ],
  [
    'KMS2',
    'keys/key-tenant',
    () => ({ KeyPolicy: { Statement: [{ Effect: 'Allow', Principal: { AWS: 'root' }, Action: 'kms:Decrypt' }] } }),
  ],
  ['SEC1', 'keys/secret-peppers', () => ({ SecretString: 'x' })],
  ['SEC2', 'api/rotator-schedule-peppers', () => ({ RotationRules: { AutomaticallyAfterDays: 91 } })],
  ['SEC2', 'api/rotator-schedule-peppers', () => ({ RotationRules: {} })],
  ['SEC2', 'api/rotator-schedule-peppers', () => ({ RotationLambdaARN: 'api/money.Arn' })],
  ['SEC2', 'api/rotator-schedule-peppers', () => ({ SecretId: 'keys/key-secrets' })],
  ['SEC3', 'keys/secret-peppers', () => ({ Name: 'another' })],
  [
    'IAM3',
    'api/read-role',
    () => ({ AssumeRolePolicyDocument: { Statement: [{ Action: 'sts:AssumeRole', Principal: { AWS: '1' } }] } }),
  ],
  ['IAM4', 'api/read-role', () => ({ ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] })],
  [
    'IAM5',
    'api/read-role',
    ({ Policies: [{ PolicyDocument }] }) => ({
      Policies: [
        { PolicyDocument: { Statement: PolicyDocument.Statement.filter((each: Json) => each.Effect !== 'Deny') } },
      ],
    }),
  ],
  [
    'LAM1',
    'api/money',
    ({ VpcConfig }) => ({
      VpcConfig: { ...VpcConfig, SubnetIds: ['network/vpc/publicSubnet1/Subnet', 'network/vpc/publicSubnet2/Subnet'] },
    }),
  ],
  [
    'LAM1',
    'api/read',
    ({ VpcConfig }) => ({ VpcConfig: { ...VpcConfig, SecurityGroupIds: ['network/outside-group.GroupId'] } }),
  ],
  ['LAM2', 'api/money', () => ({ ReservedConcurrentExecutions: 1 })],
  ['LAM5', 'api/read', () => ({ Role: 'api/money-role.Arn' })],
  ['CALL1', 'api/read/CalledByApi', () => ({ Principal: '*' })],
  ['CALL2', 'api/relay-from-tenants', () => ({ MaximumRetryAttempts: -1 })],
  ['CALL2', 'api/deliver-from-deliveries', () => ({ EventSourceArn: 'data/webhooks.StreamArn' })],
  ['CALL5', 'api/deliver-from-deliveries', () => ({ ScalingConfig: undefined })],
  ['CALL5', 'api/deliver-from-deliveries', () => ({ FunctionResponseTypes: undefined })],
  [
    'CALL5',
    'api/deliver-from-deliveries',
    ({ EventSourceArn }) => ({ EventSourceArn: `${EventSourceArn}-dead-letters` }),
  ],
  ['CALL5', 'api/relay-from-tenants', () => ({ EventSourceArn: 'data/audit.StreamArn' })],
  ['CALL5', 'api/relay-from-webhooks', () => ({ FunctionName: 'api/deliver' })],
  [
    'CALL5',
    'api/relay-from-webhooks',
    () => ({ FilterCriteria: { Filters: [{ Pattern: '{"dynamodb":{"NewImage":{"mode":{"S":["live"]}}}}' }] } }),
  ],
  [
    'CALL5',
    'api/settler-from-providers',
    () => ({
      FilterCriteria: {
        Filters: [
          { Pattern: JSON.stringify({ dynamodb: { NewImage: { status: { S: ['received'] } } }, eventName: [] }) },
        ],
      },
    }),
  ],
  ['CALL5', 'api/settler-from-providers', ({ FilterCriteria: { Filters } }) => relayed(Filters)],
  ['CALL5', 'api/provisioner-from-tenants', () => ({ FilterCriteria: { Filters: [{}] } })],
  ['CALL3', 'api/sweeper-schedule', () => ({ State: 'DISABLED' })],
  ['API1', 'api/api', () => ({ SecurityPolicy: 'TLS_1_2' })],
  ['API2', 'api/api/Default/docs/GET', () => ({ AuthorizationType: 'CUSTOM' })],
  ['API2', 'api/api/Default/v1/keys/GET', () => ({ ApiKeyRequired: false })],
  ['API2', `api/api/Default/${ingressMethod.slice(1)}`, () => ({ AuthorizationType: 'CUSTOM' })],
  [
    'API2',
    `api/api/Default/${ingressMethod.slice(1)}`,
    ({ Integration }) => ({
      Integration: { ...Integration, Uri: Integration.Uri.replace('api/ingress.', 'api/money.') },
    }),
  ],
  ['ING1', 'api/api/DeploymentStage.api', ({ MethodSettings: [first] }) => ({ MethodSettings: [first] })],
  [
    'ING1',
    'api/api/DeploymentStage.api',
    ({ MethodSettings: [all, own] }) => ({
      MethodSettings: [all, { ...own, ThrottlingRateLimit: all.ThrottlingRateLimit }],
    }),
  ],
  ['ING2', 'api/api', () => ({ BinaryMediaTypes: ['application/octet-stream'] })],
  ['API3', 'api/api-authorizer', () => ({ AuthorizerResultTtlInSeconds: 1 })],
  [
    'API4',
    'api/api/DeploymentStage.api',
    ({ AccessLogSetting }) => ({ AccessLogSetting: { ...AccessLogSetting, Format: '{"path":"$context.path"}' } }),
  ],
  ['WAF1', 'edge/web-acl', ({ Rules }) => ({ Rules: Rules.map(leavingOut('/')) })],
  ['WAF1', 'edge/web-acl', ({ Rules }) => ({ Rules: Rules.map(leavingOut(ingressPathShape)) })],
  ['WAF2', 'edge/waf-log', ({ RedactedFields }) => ({ RedactedFields: RedactedFields.slice(1) })],
  ['NET1', 'network/vpc/egressSubnet1/DefaultRoute', () => ({ NatGatewayId: undefined, GatewayId: 'network/vpc/IGW' })],
  [
    'NET7',
    'network/kms-endpoint',
    ({
      PolicyDocument: {
        Statement: [s],
      },
    }) => ({ PolicyDocument: { Statement: [{ ...s, Action: 'kms:*' }] } }),
  ],
  [
    'SG1',
    'network/outside-group',
    () => ({ SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.0.0.0/8' }] }),
  ],
  [
    'SG2',
    'network/aws-group',
    ({ SecurityGroupEgress }) => ({
      SecurityGroupEgress: [
        ...SecurityGroupEgress,
        { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0' },
      ],
    }),
  ],
  ['LOG1', 'api/access-logs', () => ({ RetentionInDays: 90 })],
  ['S31', 'relay/failed-stream-records', () => ({ PublicAccessBlockConfiguration: { BlockPublicAcls: true } })],
  ['BUS1', 'relay/bus', () => ({ Policy: {} })],
  ['SQS1', 'relay/deliveries', () => ({ KmsMasterKeyId: 'alias/aws/sqs' })],
  ['SQS1', 'relay/deliveries', () => ({ KmsDataKeyReusePeriodSeconds: 86_400 })],
  ['SQS1', 'relay/deliveries-dead-letters', () => ({ QueueName: 'strongroom-production-us-others' })],
  ['SQS2', 'relay/deliveries', () => ({ RedrivePolicy: undefined })],
  ['SQS2', 'relay/deliveries', ({ RedrivePolicy }) => ({ RedrivePolicy: { ...RedrivePolicy, maxReceiveCount: 1 } })],
  ['SQS2', 'relay/deliveries', () => ({ MessageRetentionPeriod: 60 })],
  ['SQS2', 'relay/deliveries-dead-letters', () => ({ MessageRetentionPeriod: 86_400 })],
  ['SQS2', 'relay/deliveries-dead-letters', () => ({ RedriveAllowPolicy: { redrivePermission: 'allowAll' } })],
  [
    'SQS3',
    'relay/deliveries-policy',
    ({ PolicyDocument: { Statement } }) => ({
      PolicyDocument: {
        Statement: [...Statement, { Sid: 'Open', Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage' }],
      },
    }),
  ],
  ['SQS3', 'relay/deliveries-policy', () => ({ Queues: [] })],
];

describe('our own rules', () => {
  test('[HST-2] are kept by the real templates, and each fault breaks the rule that speaks of it', () => {
    for (const [short, name, change] of faults) {
      const rule = only(rules.filter(({ id }) => id === `Strongroom-${short}`));
      const resource = only(zone.resources.filter((each) => each.name === name && rule.types.includes(each.type)));
      expect(rule.breaks(resource, zone), `${short} ${name}`).toEqual([]);
      const wrong = rule.breaks({ ...resource, p: { ...resource.p, ...change(resource.p) } }, zone);
      expect(wrong.length, `${short} ${name}`).toBeGreaterThan(0);
    }
  });

  test('[HST-2] have ids, promises and a sentence, and no two have one id', () => {
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
    for (const { id, keeps, states, types } of rules) {
      expect(id).toMatch(/^Strongroom-[A-Z0-9]+\d$/);
      expect(types.length, id).toBeGreaterThan(0);
      expect(keeps.length, id).toBeGreaterThan(0);
      for (const promise of keeps) expect(promise, id).toMatch(/^[A-Z]{2,3}-\d$/);
      expect(states, id).toMatch(/^[A-Z][^\n]+\.$/);
    }
  });

  test.each(rules.flatMap((rule) => rule.types.map((type) => ({ rule, type, name: `${rule.id} ${type}` }))))(
    '[HST-2] $name is not kept by a resource that says nothing',
    ({ rule, type, name }) => {
      expect(fails(rule, silent(type))).toBe(!innocent.has(name));
    },
  );

  test('[NET-1] every wildcard of the list has a reason and is used by some role', () => {
    const roles = readAssembly(cdkOut).flatMap((zone) =>
      zone.resources.filter(({ type }) => type === 'AWS::IAM::Role'),
    );
    for (const row of wildcards) {
      expect(row.reason.length).toBeGreaterThan(30);
      const used = roles.some(
        ({ name, p }) =>
          row.role.test(name) &&
          JSON.stringify(p.Policies)
            .split('"')
            .some((text) => row.resource.test(text)),
      );
      expect(used, String(row.resource)).toBe(true);
    }
  });

  test('[IAM-1] a wildcard has a reason for its own verbs alone', () => {
    expect(wildcardReason('api/read-role', '*', ['ec2:DescribeSubnets'])).toBeDefined();
    expect(wildcardReason('api/read-role', '*', ['ec2:DescribeSubnets', 's3:GetObject'])).toBeUndefined();
    expect(wildcardReason('relay/read-role', '*', ['ec2:DescribeSubnets'])).toBeUndefined();
    expect(isWildcard('kms:Decrypt')).toBe(false);
    expect(isWildcard('kms:Decryp?')).toBe(true);
    expect(isWildcard(undefined)).toBe(true);
  });
});
