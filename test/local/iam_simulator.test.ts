// Our evaluator against an independent one, case by case, over the policies that the templates really hold. The simulator
// is test equipment: nothing outside test/ may import it.
//
// Cases that it cannot decide are counted and not compared; iam.test.ts holds it by hand:
// - it drops `kms:EncryptionContext:*` from requests, so the statement for CloudWatch Logs never allows there;
// - it takes `events:source` for a list, so a plain `StringEquals` never allows there; EventBridge decides entry by entry;
// - it knows no resource of logs:CreateLogStream that ends in `:*`, which is how AWS itself writes such grants;
// - it follows the Service Authorization Reference, where dynamodb:ListStreams has no resource but `*`; the developer guide
//   grants it on a table's streams;
// - it allows no wildcard for the type of a resource; Lambda asks for `arn:aws:ec2:…:*/*` itself.

import { runSimulation } from '@cloud-copilot/iam-simulate';
import { beforeAll, expect, test } from 'vitest';
import { readAssembly } from '../../local/cloudformation/assembly.ts';
import { type Deployment, deploy } from '../../local/cloudformation/deployment.ts';
import { type Actor, readPolicies } from '../../local/iam/policies.ts';
import { type Case, casesOf, type Document, listOf, type Statement } from './iam_cases.ts';
import { resource as element, stack, zoneOf } from './stacks.ts';

const account = '000000000000';
let deployment: Deployment;
let roles: { readonly name: string; readonly arn: string; readonly document: Document }[];
let resources: ReadonlyMap<string, Document>;
let endpoints: ReadonlyMap<string, Document>;

beforeAll(() => {
  const [assembly] = readAssembly(process.env.STRONGROOM_TEST_ASSEMBLY ?? 'cdk.out', 'development');
  if (assembly === undefined) throw new Error('no zone');
  deployment = deploy(assembly, { TestProcessorUrl: 'http://127.0.0.1:1', BaseUrls: '{}' });
  const policies = (properties: Record<string, unknown>) =>
    (properties.Policies ?? []) as { readonly PolicyDocument: Document }[];
  roles = deployment.of('AWS::IAM::Role').map((role) => ({
    name: role.physical.ref,
    arn: role.physical.attributes.Arn ?? '',
    document: {
      Version: '2012-10-17',
      Statement: policies(role.properties()).flatMap(({ PolicyDocument }) => PolicyDocument.Statement),
    },
  }));
  resources = new Map([
    ...deployment
      .of('AWS::KMS::Key')
      .map((key) => [key.physical.attributes.Arn ?? '', key.properties().KeyPolicy as Document] as const),
    ...deployment
      .of('AWS::S3::BucketPolicy')
      .map(
        (policy) =>
          [`arn:aws:s3:::${policy.properties().Bucket}`, policy.properties().PolicyDocument as Document] as const,
      ),
    // A queue's policy names its queue.
    ...deployment.of('AWS::SQS::QueuePolicy').flatMap((policy) => {
      const document = policy.properties().PolicyDocument as Document;
      return document.Statement.flatMap(({ Resource }) => listOf(Resource).map((arn) => [arn, document] as const));
    }),
  ]);
  endpoints = new Map(
    deployment.of('AWS::EC2::VPCEndpoint').map((each) => {
      const { ServiceName, PolicyDocument } = each.properties();
      const { Version, Statement } = PolicyDocument as Document;
      // `{"AWS": "*"}` and `"*"` are one to AWS; the simulator takes the second alone.
      const document = { Version, Statement: Statement.map((each) => ({ ...each, Principal: '*' })) };
      return [String(ServiceName).split('.').at(-1) ?? '', document] as const;
    }),
  );
});

/**
 * Two roles try every statement: others' as it stands, resources' with everything that comes close. All roles try their own
 * with everything that comes close, and resources' as they stand.
 */
const isThorough = (role: string): boolean => /-(?:money|relay)$/.test(role);

const resourcePolicy = (arn: string): Document | undefined =>
  resources.get(arn.startsWith('arn:aws:s3:') ? (arn.split('/')[0] ?? '') : arn);

/** The simulator asks for actions by name: of all of a queue's one stands for the others. */
const withOneAction = (statement: Statement): Statement => ({
  ...statement,
  Action: listOf(statement.Action).map((action) => action.replace('sqs:*', 'sqs:SendMessage')),
});

const isUndecidable = ({ action, keys }: Case): boolean =>
  /^ec2:(?!Describe)/.test(action) ||
  Object.keys(keys).some((key) => key.startsWith('kms:EncryptionContext') || key === 'events:source');

const single = (values: readonly string[], key: string): string | string[] =>
  ['dynamodb:Attributes', 'dynamodb:LeadingKeys'].includes(key) ? [...values] : (values[0] ?? '');

/** undefined: it knows no such resource of the action. */
const simulated = async (role: (typeof roles)[number], one: Case, inVpc: boolean): Promise<boolean | undefined> => {
  const endpoint = inVpc ? endpoints.get(one.action.split(':')[0] ?? '') : undefined;
  const contextVariables = Object.fromEntries(
    Object.entries(one.keys).map(([key, values]) => [key, single(values, key)]),
  );
  const result = await runSimulation(
    {
      request: {
        principal: `${role.arn.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')}/session`,
        action: one.action,
        resource: { resource: one.resource, accountId: account },
        contextVariables,
      },
      identityPolicies: [{ name: role.name, policy: role.document }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: resourcePolicy(one.resource),
      ...(endpoint && { vpcEndpointPolicies: [{ name: 'endpoint', policy: endpoint }] }),
    },
    {},
  );
  if (result.resultType === 'error') {
    const { message } = result.errors;
    if (message === 'no.resource.types') return undefined;
    if (message === 'must.use.wildcard') return undefined;
    throw new Error(`${message}: ${JSON.stringify(one)} ${JSON.stringify(result.errors)}`);
  }
  return result.overallResult === 'Allowed';
};

test('ours and the simulator agree on every case around every statement of every role, key, bucket and endpoint', async () => {
  const ours = readPolicies(deployment);
  const statements: Statement[] = [
    ...new Map(
      [...roles.map(({ document }) => document), ...resources.values(), ...endpoints.values()]
        .flatMap(({ Statement }) => Statement)
        .map((statement) => [JSON.stringify(statement), statement] as const),
    ).values(),
  ];
  const keyArns = deployment.of('AWS::KMS::Key').map(({ physical }) => physical.attributes.Arn ?? '');
  const seen = new Set<string>();
  let compared = 0;
  let allowed = 0;
  let untold = 0;
  const disagreed: string[] = [];

  const compare = async (role: (typeof roles)[number], one: Case, inVpc: boolean): Promise<void> => {
    if (isUndecidable(one)) {
      untold += 1;
      return;
    }
    const known = {
      'aws:PrincipalArn': [role.arn],
      'aws:PrincipalAccount': [account],
      'aws:SecureTransport': ['true'],
      ...(one.action.startsWith('kms:') && { 'kms:CallerAccount': [account] }),
    };
    const asked = { ...one, keys: { ...known, ...one.keys } };
    const same = `${role.name} ${inVpc} ${JSON.stringify(asked)}`;
    if (seen.has(same)) return;
    seen.add(same);
    const actor: Actor = { asker: { kind: 'role', arn: role.arn, account }, name: role.name, keys: asked.keys, inVpc };
    const mine = ours.refusal(actor, { ...one, conditionKeys: {} }) === undefined;
    const theirs = await simulated(role, asked, inVpc);
    if (theirs === undefined) {
      untold += 1;
      return;
    }
    compared += 1;
    if (theirs) allowed += 1;
    if (mine !== theirs)
      disagreed.push(`${role.name} in ${inVpc ? 'a' : 'no'} VPC, ours ${mine}: ${JSON.stringify(asked)}`);
  };

  for (const role of roles) {
    const own = new Set(role.document.Statement.map((statement) => JSON.stringify(statement)));
    for (const statement of statements) {
      const isOwn = own.has(JSON.stringify(statement));
      const ofResource = statement.Principal !== undefined;
      if (!isOwn && !ofResource && !isThorough(role.name)) continue;
      for (const one of casesOf(withOneAction(statement), isOwn || (ofResource && isThorough(role.name)))) {
        // A key's own policy says `*` for itself.
        const targets =
          ofResource && listOf(statement.Resource).includes('*') && one.action.startsWith('kms:')
            ? keyArns
            : [one.resource];
        for (const resource of ofResource && !one.keys['kms:ViaService'] ? targets.slice(0, 1) : targets) {
          await compare(role, { ...one, resource }, false);
          if (endpoints.has(one.action.split(':')[0] ?? '') && isOwn) await compare(role, { ...one, resource }, true);
        }
      }
    }
  }
  console.info(`compared ${compared} cases, of which ${allowed} are allowed; ${untold} more it cannot tell`);
  expect(disagreed).toEqual([]);
  expect(compared).toBeGreaterThan(1_000);
  expect(allowed).toBeGreaterThan(100);
});

const table = `arn:aws:dynamodb:us-east-1:${account}:table/payments`;
const attributes = 'dynamodb:Attributes';
const only = (...values: string[]) => ({ 'ForAllValues:StringEquals': { [attributes]: values } });
const there = { Null: { [attributes]: 'false' } };

/** What the templates don't hold today, one rule each. */
const handMade: readonly [string, readonly object[], Record<string, readonly string[]>, string?][] = [
  ['ForAllValues without the key', [{ Condition: only('pk') }], {}],
  ['ForAllValues and Null without the key', [{ Condition: { ...only('pk'), ...there } }], {}],
  ['ForAllValues with all values', [{ Condition: { ...only('pk', 'sk'), ...there } }], { [attributes]: ['sk', 'pk'] }],
  ['ForAllValues with one value more', [{ Condition: { ...only('pk'), ...there } }], { [attributes]: ['pk', 'x'] }],
  [
    'ForAnyValue with one of them',
    [{ Condition: { 'ForAnyValue:StringLike': { [attributes]: 'p*' } } }],
    { [attributes]: ['x', 'pk'] },
  ],
  ['ForAnyValue without the key', [{ Condition: { 'ForAnyValue:StringLike': { [attributes]: '*' } } }], {}],
  [
    'ForAllValues negated',
    [{ Condition: { 'ForAllValues:StringNotEquals': { [attributes]: 'x' } } }],
    { [attributes]: ['pk'] },
  ],
  [
    'ForAllValues negated, met',
    [{ Condition: { 'ForAllValues:StringNotEquals': { [attributes]: 'x' } } }],
    { [attributes]: ['x', 'pk'] },
  ],
  [
    'ForAnyValue negated',
    [{ Condition: { 'ForAnyValue:StringNotEquals': { [attributes]: 'x' } } }],
    { [attributes]: ['x', 'pk'] },
  ],
  ['Null true, absent', [{ Condition: { Null: { 'dynamodb:Select': 'true' } } }], {}],
  ['Null true, present', [{ Condition: { Null: { 'dynamodb:Select': 'true' } } }], { 'dynamodb:Select': ['COUNT'] }],
  ['IfExists, absent', [{ Condition: { StringEqualsIfExists: { 'dynamodb:Select': 'COUNT' } } }], {}],
  [
    'IfExists, other',
    [{ Condition: { StringEqualsIfExists: { 'dynamodb:Select': 'COUNT' } } }],
    { 'dynamodb:Select': ['X'] },
  ],
  ['a negation, absent', [{ Condition: { StringNotEquals: { 'dynamodb:Select': 'X' } } }], {}],
  [
    'StringEquals takes no wildcard',
    [{ Condition: { StringEquals: { 'dynamodb:Select': 'C*' } } }],
    { 'dynamodb:Select': ['COUNT'] },
  ],
  [
    'StringLike with ?',
    [{ Condition: { StringLike: { 'dynamodb:Select': 'COUN?' } } }],
    { 'dynamodb:Select': ['COUNT'] },
  ],
  [
    'values are compared with their case',
    [{ Condition: { StringEquals: { 'dynamodb:Select': 'count' } } }],
    { 'dynamodb:Select': ['COUNT'] },
  ],
  ['keys are not', [{ Condition: { StringEquals: { 'DynamoDB:select': 'COUNT' } } }], { 'dynamodb:Select': ['COUNT'] }],
  [
    'two operators, one fails',
    [{ Condition: { ...only('pk'), StringEquals: { 'dynamodb:Select': 'X' } } }],
    { [attributes]: ['pk'], 'dynamodb:Select': ['COUNT'] },
  ],
  ['Bool', [{ Condition: { Bool: { 'aws:SecureTransport': 'true' } } }], { 'aws:SecureTransport': ['true'] }],
  ['Bool, absent', [{ Condition: { Bool: { 'aws:SecureTransport': 'false' } } }], {}],
  [
    'ArnLike across segments',
    [{ Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/a*' } } }],
    { 'aws:PrincipalArn': [`arn:aws:iam::${account}:role/ab/c`] },
  ],
  [
    'ArnEquals with a wildcard',
    [{ Condition: { ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${account}:role/*` } } }],
    { 'aws:PrincipalArn': [`arn:aws:iam::${account}:role/a`] },
  ],
  [
    'a denial whose condition fails',
    [{}, { Effect: 'Deny', Condition: { StringEquals: { 'dynamodb:Select': 'X' } } }],
    { 'dynamodb:Select': ['COUNT'] },
  ],
  [
    'a denial whose key is absent',
    [{}, { Effect: 'Deny', Condition: { StringNotEquals: { 'dynamodb:Select': 'X' } } }],
    {},
  ],
  ['an action with a wildcard', [{ Action: 'dynamodb:Q*y' }], {}],
  ['an action in another case', [{ Action: 'dynamodb:QUERY' }], {}],
  ['a table and not its index', [{}], {}, `${table}/index/list`],
  ['an index by wildcard', [{ Resource: `${table}/index/*` }], {}, `${table}/index/list`],
  ['a wildcard for the account', [{ Resource: 'arn:aws:dynamodb:us-east-1:*:table/payments' }], {}],
  ['another region', [{ Resource: table.replace('us-east-1', 'eu-west-1') }], {}],
];

test.each(handMade)('both agree on: %s', async (_, statements, keys, resource = table) => {
  const arn = `arn:aws:iam::${account}:role/r`;
  const document = {
    Version: '2012-10-17',
    Statement: statements.map((more) => ({ Effect: 'Allow', Action: 'dynamodb:Query', Resource: table, ...more })),
  };
  const role = element('AWS::IAM::Role', {
    RoleName: 'r',
    AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] },
    Policies: [{ PolicyName: 'p', PolicyDocument: document }],
  });
  const ours = readPolicies(deploy(zoneOf(stack('s', { R: role })), {}));
  const one = { action: 'dynamodb:Query', resource, keys };
  const mine = ours.refusal({ asker: { kind: 'role', arn, account }, name: 'r', keys }, { ...one, conditionKeys: {} });
  expect(mine === undefined).toBe(await simulated({ name: 'r', arn, document }, one, false));
});
