// Whether a role may do something, asked of two: an independent IAM simulator, and the evaluator of the local cloud. Where the
// simulator cannot tell, ours decides and it is said why; where both can, they must agree. Neither is ever skipped.

import { runSimulation } from '@cloud-copilot/iam-simulate';
import * as v from 'valibot';
import type { Deployment, Resource } from '../../local/cloudformation/deployment.ts';
import { type Actor, readPolicies } from '../../local/iam/policies.ts';
import type { CheckedRole, Place, Statement } from './place.ts';

/** What was asked, by the function's own code or by AWS in its role's name. */
export interface Asked {
  readonly by: 'code' | 'aws';
  readonly action: string;
  readonly resource: string;
  readonly keys: Readonly<Record<string, readonly string[]>>;
  /** Its call leaves the VPC by the endpoint of its service, where there is one. */
  readonly inVpc: boolean;
}

export interface Verdict {
  readonly allowed: boolean;
  /** `simulator`, or why it could not tell and ours decided. */
  readonly decidedBy: string;
  /** The other one says otherwise. */
  readonly disputed: boolean;
}

/** Under these statements of the role, and everything else as synthesized. */
export type Decider = (role: CheckedRole, statements: readonly Statement[], asked: Asked) => Promise<Verdict>;

type Document = Readonly<Record<string, unknown>>;
const Principals = v.object({
  Statement: v.array(
    v.looseObject({
      Action: v.union([v.string(), v.array(v.string())]),
      Principal: v.optional(v.unknown()),
      Condition: v.optional(v.record(v.string(), v.record(v.string(), v.unknown())), {}),
    }),
  ),
});
const Key = v.object({ KeyPolicy: v.record(v.string(), v.unknown()) });
const Bucket = v.object({ Bucket: v.string(), PolicyDocument: v.record(v.string(), v.unknown()) });
const Endpoint = v.object({ ServiceName: v.string(), PolicyDocument: v.record(v.string(), v.unknown()) });

const version = '2012-10-17';
const serviceOf = (action: string): string => action.split(':')[0] ?? '';

/** `{"AWS": "*"}` and `"*"` are one to AWS; the simulator takes the second alone. */
const forEverybody = (document: Document): Document => {
  const { Statement } = v.parse(Principals, document);
  return { ...document, Statement: Statement.map((each) => ({ ...each, Principal: '*' })) };
};

interface Around {
  readonly resource: Document | undefined;
  readonly endpoint: Document | undefined;
}

/** Policies that stand beside the role's own. */
const policiesAround = (deployment: Deployment): ((asked: Asked) => Around) => {
  const resources = new Map<string, Document>();
  for (const key of deployment.of('AWS::KMS::Key'))
    resources.set(key.physical.attributes.Arn ?? '', v.parse(Key, key.properties()).KeyPolicy);
  for (const policy of deployment.of('AWS::S3::BucketPolicy')) {
    const { Bucket: name, PolicyDocument } = v.parse(Bucket, policy.properties());
    resources.set(`arn:aws:s3:::${name}`, PolicyDocument);
  }
  const endpoints = new Map(
    deployment.of('AWS::EC2::VPCEndpoint').map((each): [string, Document] => {
      const { ServiceName, PolicyDocument } = v.parse(Endpoint, each.properties());
      return [ServiceName.split('.').at(-1) ?? '', forEverybody(PolicyDocument)];
    }),
  );
  return ({ action, resource, inVpc }) => ({
    resource: resources.get(resource.startsWith('arn:aws:s3:') ? (resource.split('/')[0] ?? '') : resource),
    endpoint: inVpc ? endpoints.get(serviceOf(action)) : undefined,
  });
};

/** Keys of a request that hold several values by their type. */
const several = new Set(['dynamodb:Attributes', 'dynamodb:LeadingKeys', 'kms:EncryptionContextKeys']);

/** Keys that the simulator drops or misreads: a decision that hangs on one is not its to make. */
const misread: readonly (readonly [RegExp, string])[] = [
  [/^kms:encryptioncontext:/i, 'it drops the pairs of an encryption context'],
  [/^events:source$/i, 'it takes events:source for a list'],
];

const conditionKeysOf = (statements: readonly { readonly Condition: Readonly<Record<string, object>> }[]): string[] =>
  statements.flatMap(({ Condition }) => Object.values(Condition).flatMap((block) => Object.keys(block)));

const isForService = (principal: unknown): boolean =>
  typeof principal === 'object' && principal !== null && Object.keys(principal).join() === 'Service';

/** The statements that could decide about the action for a role. */
const about = (action: string, statements: readonly Statement[], { resource, endpoint }: Around) => {
  const others = [resource, endpoint].flatMap((each) =>
    each === undefined ? [] : v.parse(Principals, each).Statement,
  );
  return [...statements, ...others.filter(({ Principal }) => !isForService(Principal))].filter(({ Action }) =>
    [Action].flat().includes(action),
  );
};

const gaps: Readonly<Record<string, string>> = {
  'no.resource.types': 'it knows no such resource of the action',
  'must.use.wildcard': 'it knows no resource of the action but *',
};

/** A boolean, or why it cannot tell. */
const simulate = async (
  deployment: Deployment,
  role: CheckedRole,
  statements: readonly Statement[],
  asked: Asked,
  around: Around,
): Promise<boolean | string> => {
  const { action, resource, keys } = asked;
  for (const key of conditionKeysOf(about(action, statements, around))) {
    const found = misread.find(([pattern]) => pattern.test(key));
    if (found !== undefined) return found[1];
  }
  const result = await runSimulation(
    {
      request: {
        principal: `${role.arn.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')}/session`,
        action,
        resource: { resource, accountId: deployment.account },
        contextVariables: Object.fromEntries(
          Object.entries(keys).map(([key, values]) => [key, several.has(key) ? [...values] : (values[0] ?? '')]),
        ),
      },
      identityPolicies: [{ name: role.name, policy: { Version: version, Statement: statements } }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: around.resource,
      ...(around.endpoint && { vpcEndpointPolicies: [{ name: 'endpoint', policy: around.endpoint }] }),
    },
    {},
  );
  if (result.resultType === 'error') {
    const gap = gaps[result.errors.message];
    if (gap !== undefined) return gap;
    throw new Error(`${result.errors.message}: ${JSON.stringify(asked)} ${JSON.stringify(result.errors)}`);
  }
  return result.overallResult === 'Allowed';
};

/** The deployment with other statements in the role's policy. */
const withStatements = (deployment: Deployment, arn: string, statements: readonly Statement[]): Deployment => ({
  ...deployment,
  of: (type) =>
    deployment.of(type).map((each): Resource => {
      if (type !== 'AWS::IAM::Role' || each.physical.attributes.Arn !== arn) return each;
      const PolicyDocument = { Version: version, Statement: statements };
      return {
        ...each,
        properties: () => ({ ...each.properties(), Policies: [{ PolicyName: 'checked', PolicyDocument }] }),
      };
    }),
});

export function createDecider({ deployment }: Place): Decider {
  const aroundOf = policiesAround(deployment);
  const verdicts = new Map<string, Promise<Verdict>>();
  const evaluators = new Map<string, ReturnType<typeof readPolicies>>();

  const evaluatorOf = (role: CheckedRole, statements: readonly Statement[]): ReturnType<typeof readPolicies> => {
    const name = `${role.arn} ${JSON.stringify(statements)}`;
    const found = evaluators.get(name) ?? readPolicies(withStatements(deployment, role.arn, statements));
    evaluators.set(name, found);
    return found;
  };

  const decide = async (role: CheckedRole, statements: readonly Statement[], asked: Asked): Promise<Verdict> => {
    const { action, resource, keys, inVpc } = asked;
    const asker = { kind: 'role', arn: role.arn, account: deployment.account } as const;
    const actor: Actor = { asker, name: role.name, keys, inVpc };
    const ours = evaluatorOf(role, statements).refusal(actor, { action, resource, conditionKeys: {} }) === undefined;
    const theirs = await simulate(deployment, role, statements, asked, aroundOf(asked));
    return typeof theirs === 'string'
      ? { allowed: ours, decidedBy: `the local cloud’s evaluator: ${theirs}`, disputed: false }
      : { allowed: theirs, decidedBy: 'simulator', disputed: theirs !== ours };
  };

  return (role, statements, asked) => {
    // Statements about other actions decide nothing about this one; there are no wildcards in actions (./role_check.ts).
    const relevant = statements.filter(({ Action }) => Action.includes(asked.action));
    const name = JSON.stringify([role.arn, relevant, asked]);
    const found = verdicts.get(name) ?? decide(role, statements, asked);
    verdicts.set(name, found);
    return found;
  };
}
