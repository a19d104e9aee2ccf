// Our evaluator against an independent one, case by case, over the policies that the templates really hold.
//
// Cases that it cannot decide are counted and not compared; test/local/iam.test.ts holds them by hand:
// - it drops `kms:EncryptionContext:*` from requests, so the statement for CloudWatch Logs never allows there;
// - it takes `events:source` for a list, so a plain `StringEquals` never allows there; EventBridge decides entry by entry;
// - it knows no resource of logs:CreateLogStream that ends in `:*`, which is how AWS itself writes such grants;
// - it follows the Service Authorization Reference, where dynamodb:ListStreams has no resource but `*`; the developer guide
//   grants it on a table's streams;
// - it allows no wildcard for the type of a resource; Lambda asks for `arn:aws:ec2:…:*/*` itself.

import { beforeAll, expect, test } from 'vitest';
import { readAssembly } from '../../local/cloudformation/assembly.ts';
import { type Deployment, deploy } from '../../local/cloudformation/deployment.ts';
import { type Actor, readPolicies } from '../../local/iam/policies.ts';
import { assembly } from '../../test/kit/run.ts';
import { type Case, casesOf, type Document, listOf, type Statement } from './iam_cases.ts';
import { account, type Role, simulated } from './iam_simulator.ts';

let deployment: Deployment;
let roles: Role[];
let resources: ReadonlyMap<string, Document>;
let endpoints: ReadonlyMap<string, Document>;

beforeAll(async () => {
  const [zone] = readAssembly(await assembly(), 'development');
  if (zone === undefined) throw new Error('no zone');
  deployment = deploy(zone, { TestProcessorUrl: 'http://127.0.0.1:1', BaseUrls: '{}', OtherRegionUrl: '' });
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

  const compare = async (role: Role, one: Case, inVpc: boolean): Promise<void> => {
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
    const theirs = await simulated(role, asked, {
      resource: resourcePolicy(one.resource),
      endpoint: inVpc ? endpoints.get(one.action.split(':')[0] ?? '') : undefined,
    });
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
