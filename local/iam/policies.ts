// Every policy of a zone's templates, compiled when the zone boots: of roles, KMS keys, buckets and queues. A kind of policy
// that is not evaluated here stops the boot, because ignoring it would allow or refuse at random.

import * as v from 'valibot';
import type { Deployment, Resource } from '../cloudformation/deployment.ts';
import type { Access, ConditionKeys } from '../endpoint/access.ts';
import { type AwsError, accessDenied } from '../endpoint/error.ts';
import { UserError } from '../host/user_error.ts';
import { compileDocument, type PolicyKind, type PolicyStatement } from './document.ts';
import { type Asker, because, createPolicy, decide, type Policy } from './evaluate.ts';

/** Who makes a request, and the condition keys that follow from it. */
export interface Actor {
  readonly asker: Asker;
  /** As AWS's message names it. */
  readonly name: string;
  readonly keys: ConditionKeys;
  /** Its calls leave a VPC, by the endpoint of the service where there is one. */
  readonly inVpc?: boolean;
}

export interface ZonePolicies {
  /** AWS's refusal; undefined where the access is allowed. */
  refusal(actor: Actor, access: Access): AwsError | undefined;
}

const Inline = v.strictObject({ PolicyName: v.string(), PolicyDocument: v.unknown() });
const Role = v.object({
  AssumeRolePolicyDocument: v.unknown(),
  Policies: v.optional(v.array(Inline), []),
  ManagedPolicyArns: v.optional(v.array(v.string()), []),
  PermissionsBoundary: v.optional(v.undefined()),
});
const Attached = v.strictObject({
  PolicyName: v.string(),
  PolicyDocument: v.unknown(),
  Roles: v.optional(v.array(v.string()), []),
});
const Managed = v.object({ PolicyDocument: v.unknown(), Roles: v.optional(v.array(v.string()), []) });
const Key = v.object({ KeyPolicy: v.unknown() });
const BucketPolicy = v.object({ Bucket: v.string(), PolicyDocument: v.unknown() });
const QueuePolicy = v.object({ Queues: v.array(v.string()), PolicyDocument: v.unknown() });
const Endpoint = v.object({ ServiceName: v.string(), PolicyDocument: v.optional(v.unknown()) });
const Table = v.object({ Replicas: v.optional(v.array(v.object({ ResourcePolicy: v.optional(v.undefined()) })), []) });

const nameOf = (resource: Resource): string => `stack ${resource.stack.name}: ${resource.logicalId} (${resource.type})`;

const parse = <Schema extends v.GenericSchema>(schema: Schema, resource: Resource): v.InferOutput<Schema> => {
  const parsed = v.safeParse(schema, resource.properties());
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new UserError(`${nameOf(resource)}: not evaluated locally: ${v.getDotPath(issue) ?? ''} ${issue.message}`);
};

const compile = (document: unknown, kind: PolicyKind, resource: Resource, name: string): readonly PolicyStatement[] =>
  compileDocument(document, kind, `${nameOf(resource)}, policy ${name}`);

const identities = (deployment: Deployment): ReadonlyMap<string, Policy> => {
  const statements = new Map<string, PolicyStatement[]>();
  const arns = new Map<string, string>();
  const managed = new Map(
    deployment
      .of('AWS::IAM::ManagedPolicy')
      .map((each) => [each.physical.ref, { each, ...parse(Managed, each) }] as const),
  );
  const attach = (roleArn: string | undefined, added: readonly PolicyStatement[], where: Resource): void => {
    const own = statements.get(roleArn ?? '');
    if (own === undefined)
      throw new UserError(`${nameOf(where)}: it is attached to a role that is not in the templates.`);
    own.push(...added);
  };
  for (const role of deployment.of('AWS::IAM::Role')) {
    const { Policies, ManagedPolicyArns } = parse(Role, role);
    const arn = role.physical.attributes.Arn ?? '';
    arns.set(role.physical.ref, arn);
    statements.set(
      arn,
      Policies.flatMap((each) => compile(each.PolicyDocument, 'identity', role, each.PolicyName)),
    );
    for (const managedArn of ManagedPolicyArns) {
      const found = managed.get(managedArn);
      if (found === undefined)
        throw new UserError(
          `${nameOf(role)}: the managed policy ${managedArn} is not in the templates, so nobody knows it here.`,
        );
      attach(arn, compile(found.PolicyDocument, 'identity', found.each, managedArn), role);
    }
  }
  for (const policy of deployment.of('AWS::IAM::Policy')) {
    const { PolicyName, PolicyDocument, Roles } = parse(Attached, policy);
    const added = compile(PolicyDocument, 'identity', policy, PolicyName);
    for (const name of Roles) attach(arns.get(name), added, policy);
  }
  for (const { each, PolicyDocument, Roles } of managed.values()) {
    for (const name of Roles) attach(arns.get(name), compile(PolicyDocument, 'identity', each, each.logicalId), each);
  }
  return new Map([...statements].map(([arn, own]) => [arn, createPolicy(own)]));
};

/** By the ARN of the key, the bucket, the queue or (for who may assume it) the role. */
const resourcePolicies = (deployment: Deployment): ReadonlyMap<string, Policy> => {
  const found = new Map<string, Policy>();
  for (const key of [...deployment.of('AWS::KMS::Key'), ...deployment.of('AWS::KMS::ReplicaKey')]) {
    const { KeyPolicy } = parse(Key, key);
    found.set(key.physical.attributes.Arn ?? '', createPolicy(compile(KeyPolicy, 'resource', key, 'KeyPolicy')));
  }
  const buckets = new Map<string, PolicyStatement[]>();
  for (const policy of deployment.of('AWS::S3::BucketPolicy')) {
    const { Bucket, PolicyDocument } = parse(BucketPolicy, policy);
    const arn = `arn:aws:s3:::${Bucket}`;
    const own = [...(buckets.get(arn) ?? []), ...compile(PolicyDocument, 'resource', policy, Bucket)];
    buckets.set(arn, own);
    found.set(arn, createPolicy(own));
  }
  // CloudFormation: a queue has one policy, the last that is set. A second one is refused, as their order is not obvious.
  for (const policy of deployment.of('AWS::SQS::QueuePolicy')) {
    const { Queues, PolicyDocument } = parse(QueuePolicy, policy);
    const compiled = createPolicy(compile(PolicyDocument, 'resource', policy, 'PolicyDocument'));
    for (const url of Queues) {
      const arn = deployment.of('AWS::SQS::Queue').find(({ physical }) => physical.ref === url)?.physical
        .attributes.Arn;
      if (arn === undefined || found.has(arn))
        throw new UserError(`${nameOf(policy)}: ${url} is not in the templates, or has a policy already.`);
      found.set(arn, compiled);
    }
  }
  for (const role of deployment.of('AWS::IAM::Role')) {
    const { AssumeRolePolicyDocument } = parse(Role, role);
    const trust = compile(AssumeRolePolicyDocument, 'trust', role, 'AssumeRolePolicyDocument');
    found.set(role.physical.attributes.Arn ?? '', createPolicy(trust));
  }
  for (const table of deployment.of('AWS::DynamoDB::GlobalTable')) parse(Table, table);
  return found;
};

/** By the service that the endpoint leads to. Without a policy an endpoint lets everything pass. */
const endpointPolicies = (deployment: Deployment): ReadonlyMap<string, Policy> =>
  new Map(
    deployment.of('AWS::EC2::VPCEndpoint').flatMap((each): [string, Policy][] => {
      const { ServiceName, PolicyDocument } = parse(Endpoint, each);
      if (PolicyDocument === undefined) return [];
      const service = ServiceName.split('.').at(-1) ?? '';
      return [[service, createPolicy(compile(PolicyDocument, 'endpoint', each, 'PolicyDocument'))]];
    }),
  );

/** Who deploys is an administrator: templates say nothing of their policies, and the keys' own still hold. */
export const deployerArn = (account: string): string => `arn:aws:iam::${account}:role/local-deployer`;
const administrator = createPolicy(
  compileDocument(
    { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
    'identity',
    'the deployer',
  ),
);

/** The bucket of an object; any other ARN as it is. */
const ownerOf = (arn: string): string => {
  if (!arn.startsWith('arn:aws:s3:::')) return arn;
  const slash = arn.indexOf('/');
  return slash < 0 ? arn : arn.slice(0, slash);
};

export const readPolicies = (deployment: Deployment): ZonePolicies => {
  const own = new Map([...identities(deployment), [deployerArn(deployment.account), administrator]]);
  const resources = resourcePolicies(deployment);
  const endpoints = endpointPolicies(deployment);
  return {
    refusal({ asker, name, keys, inVpc }, { action, resource, conditionKeys }) {
      const decision = decide(
        {
          identity: asker.kind === 'role' ? own.get(asker.arn) : undefined,
          resource: resources.get(ownerOf(resource)),
          endpoint: inVpc === true ? endpoints.get(action.slice(0, action.indexOf(':'))) : undefined,
        },
        asker,
        // Keys of the request never override keys that are known of the actor.
        { action, resource, keys: (key) => keys[key] ?? conditionKeys[key] },
      );
      return decision === 'allowed' ? undefined : accessDenied(name, action, resource, because(decision, action));
    },
  };
};
