// How much of something AWS takes: sizes of whole policies and environments, and numbers of rules, alarms and widgets. Where AWS says
// so stands in docs/decisions/0039.

import { type Json, listed, ofType, type Rule, unless } from '../rule.ts';

const inWords = /^[a-z]+\/[\w./-]+$/;

/** Characters of a policy as AWS will count them at most: what only AWS knows is counted as the longest ARN that we have. */
export function sizeOf(policy: Json): number {
  const worst = (value: Json): Json => {
    if (typeof value === 'string')
      return inWords.test(value) ? 'x'.repeat(130) : value.replaceAll('<account>', '0'.repeat(12));
    if (Array.isArray(value)) return value.map(worst);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, worst(each)]));
  };
  return JSON.stringify(worst(typeof policy === 'string' ? JSON.parse(policy) : policy)).length;
}

export const within = (size: number, most: number, what: string): readonly string[] =>
  unless(size <= most, `${what} is ${size}, of the ${most} that AWS takes`);

const sum = (sizes: readonly number[]): number => sizes.reduce((total, each) => total + each, 0);

/** Where each type has its policy, and how long that may be. */
const policies: Readonly<Record<string, { readonly of: (p: Json) => Json; readonly most: number }>> = {
  'AWS::KMS::Key': { of: ({ KeyPolicy }) => KeyPolicy, most: 32_768 },
  'AWS::SQS::QueuePolicy': { of: ({ PolicyDocument }) => PolicyDocument, most: 8_192 },
  'AWS::SNS::TopicPolicy': { of: ({ PolicyDocument }) => PolicyDocument, most: 30_720 },
  'AWS::S3::BucketPolicy': { of: ({ PolicyDocument }) => PolicyDocument, most: 20_480 },
  'AWS::EC2::VPCEndpoint': { of: ({ PolicyDocument }) => PolicyDocument, most: 20_480 },
  'AWS::IAM::ManagedPolicy': { of: ({ PolicyDocument }) => PolicyDocument, most: 6_144 },
  'AWS::Backup::BackupVault': { of: ({ AccessPolicy }) => AccessPolicy, most: 20_480 },
};

/** Names of variables that Lambda sets itself. */
const reservedVariable = /^(AWS_(?!NODEJS_CONNECTION_REUSE_ENABLED$|XRAY_)|_HANDLER$|_X_AMZN_TRACE_ID$|LAMBDA_|TZ$)/;

const promises = ['HST-2'] as const;

export const acceptedSizes: readonly Rule[] = [
  {
    id: 'Strongroom-AWS2',
    types: Object.keys(policies),
    promises,
    statement: 'The policy of a resource is no longer than its service takes.',
    check: ({ type, p }) => {
      const { of, most } = policies[type] ?? { of: () => undefined, most: 0 };
      const policy = of(p);
      return policy === undefined ? [] : within(sizeOf(policy), most, 'its policy');
    },
  },
  {
    id: 'Strongroom-AWS3',
    types: ['AWS::IAM::Role'],
    promises,
    statement:
      'All policies inside a role have at most 10,240 characters together, and who may assume it at most 2,048.',
    check: ({ p }) => [
      ...within(
        sum(listed(p.Policies).map(({ PolicyDocument }) => sizeOf(PolicyDocument))),
        10_240,
        'all its policies together',
      ),
      ...within(sizeOf(p.AssumeRolePolicyDocument ?? {}), 2_048, 'its trust policy'),
    ],
  },
  {
    id: 'Strongroom-AWS4',
    types: ['AWS::Lambda::Function'],
    promises,
    statement:
      'A function’s environment fits into 4 KB and sets no variable of Lambda’s; its resource policy fits into 20 KB.',
    check: ({ p, name }, zone) => {
      const variables = p.Environment?.Variables ?? {};
      const permissions = ofType(zone, 'AWS::Lambda::Permission').filter(
        ({ p: each }) =>
          [`${name}.Arn`, name].includes(each.FunctionName) ||
          String(each.FunctionName).endsWith(`:function:${p.FunctionName}`),
      );
      return [
        ...within(sizeOf(variables), 4_096, 'its environment'),
        ...Object.keys(variables)
          .filter((each) => !/^[A-Za-z]\w+$/.test(each) || reservedVariable.test(each))
          .map((each) => `${each} is no name for a variable`),
        // Each permission is a statement with a generated id, an ARN and conditions.
        ...within(sum(permissions.map(({ p: each }) => sizeOf(each) + 250)), 20_480, 'its resource policy'),
        ...unless(listed(p.VpcConfig?.SecurityGroupIds).length <= 5, 'it has more than five security groups'),
      ];
    },
  },
  {
    id: 'Strongroom-AWS8',
    types: ['AWS::CloudWatch::CompositeAlarm'],
    promises,
    statement: 'A composite alarm reads at most 100 alarms.',
    check: ({ p }) =>
      within(
        String(p.AlarmRule).match(/ALARM\(|OK\(|INSUFFICIENT_DATA\(/g)?.length ?? 0,
        100,
        'the number of its alarms',
      ),
  },
  {
    id: 'Strongroom-AWS9',
    types: ['AWS::CloudWatch::Dashboard'],
    promises,
    statement: 'A dashboard has at most 500 widgets, of at most 500 metrics each.',
    check: ({ p }) => {
      const { widgets } = JSON.parse(p.DashboardBody ?? '{"widgets":[]}');
      return [
        ...within(widgets.length, 500, 'the number of its widgets'),
        ...widgets.flatMap(({ properties }: Json) =>
          within(listed(properties?.metrics).length, 500, 'the number of metrics'),
        ),
      ];
    },
  },
  {
    id: 'Strongroom-AWS10',
    types: ['AWS::EC2::SecurityGroup'],
    promises,
    statement: 'A security group has at most 60 rules in each direction.',
    check: ({ p, name }, zone) =>
      (['Ingress', 'Egress'] as const).flatMap((direction) =>
        within(
          listed(p[`SecurityGroup${direction}`]).length +
            ofType(zone, `AWS::EC2::SecurityGroup${direction}`).filter(
              ({ p: each }) => each.GroupId === `${name}.GroupId`,
            ).length,
          60,
          `the number of its rules (${direction})`,
        ),
      ),
  },
];
