// One zone of one stage as synthesized: the roles that its functions and schedules act under, with the statements of their
// policies. Closed: a role that is neither, and is not listed here with a reason, is refused.

import * as v from 'valibot';
import { type FunctionName, functions } from '../../contract/capabilities.ts';
import { readAssembly } from '../../local/cloudformation/assembly.ts';
import { type Deployment, deploy, type Resource } from '../../local/cloudformation/deployment.ts';
import { codeActor } from '../../local/iam/authorize.ts';
import { type Representative, representatives } from '../../local/iam/condition_classes.ts';
import type { Actor } from '../../local/iam/policies.ts';
import { sessionArn } from '../../local/iam/principals.ts';
import { isInVpc } from '../../local/lambda/function.ts';
import { type WithoutNames, withoutNames } from './names.ts';

const Texts = v.pipe(
  v.union([v.string(), v.array(v.string())]),
  v.transform((given): readonly string[] => [given].flat()),
);
const Statement = v.strictObject({
  Sid: v.string(),
  Effect: v.picklist(['Allow', 'Deny']),
  Action: Texts,
  Resource: Texts,
  Condition: v.optional(v.record(v.string(), v.record(v.string(), v.unknown())), {}),
});
export type Statement = v.InferOutput<typeof Statement>;

/** Managed and attached policies are not read, so there must be none. */
const Role = v.object({
  Policies: v.array(
    v.strictObject({
      PolicyName: v.string(),
      PolicyDocument: v.object({ Version: v.string(), Statement: v.array(Statement) }),
    }),
  ),
  ManagedPolicyArns: v.optional(v.undefined()),
});
const LambdaFunction = v.object({
  Role: v.string(),
  Environment: v.object({ Variables: v.record(v.string(), v.string()) }),
});
const Schedule = v.object({ Target: v.object({ RoleArn: v.string() }) });

/** Roles under which nothing runs that a test could see, by the end of their construct's name. */
export const rolesNotChecked = {
  flowlogsrole: 'VPC Flow Logs writes under it; there is no network on one machine',
  backuprole: 'AWS Backup copies tables under it; there is no AWS Backup on one machine',
  restoretestrole: 'AWS Backup restores copies under it, to try them out; there is no AWS Backup on one machine',
  streamfinderrole: 'it is asked at a deployment for the streams of replicas, which one machine names by itself',
  deploymentsrole: 'CodeDeploy moves aliases under it; a function has one version on one machine',
  gatewaylogsrole: 'API Gateway writes its logs under it; it takes no role with less than its documented policy',
} as const satisfies Record<string, string>;

export interface CheckedRole {
  /** Of its function, or of what starts one. */
  readonly name: string;
  readonly arn: string;
  readonly statements: readonly Statement[];
  /** Absent: no code of ours runs under it. */
  readonly code: Actor | undefined;
  readonly variables: Readonly<Record<string, string>>;
}

export interface Place {
  readonly stage: string;
  readonly deployment: Deployment;
  readonly roles: readonly CheckedRole[];
  readonly withoutNames: WithoutNames;
  readonly representative: Representative;
}

const statementsOf = (role: Resource): readonly Statement[] =>
  v.parse(Role, role.properties()).Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);

const placeOf = (stage: string, deployment: Deployment): Place => {
  const { zone, region } = deployment;
  for (const type of ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy']) {
    if (deployment.of(type).length > 0) throw new Error(`${stage} ${zone}: policies of type ${type} are not read`);
  }
  const lambdas = new Map(
    deployment
      .of('AWS::Lambda::Function')
      .map((each) => [v.parse(LambdaFunction, each.properties()).Role, each] as const),
  );
  const started = new Set(
    deployment.of('AWS::Scheduler::Schedule').map((each) => v.parse(Schedule, each.properties()).Target.RoleArn),
  );
  const environment: Record<string, string> = {};

  const roles = deployment.of('AWS::IAM::Role').flatMap((resource): CheckedRole[] => {
    const arn = resource.physical.attributes.Arn ?? '';
    const name = resource.physical.ref.replace(`strongroom-${stage}-${region}-`, '');
    const lambda = lambdas.get(arn);
    if (lambda !== undefined) {
      if (!Object.hasOwn(functions, name)) throw new Error(`${stage} ${zone}: ${arn} is no role of a known function`);
      const { Variables } = v.parse(LambdaFunction, lambda.properties()).Environment;
      Object.assign(environment, Variables);
      const code = codeActor({
        kind: 'function',
        arn: sessionArn(arn, lambda.physical.ref),
        roleArn: arn,
        functionArn: lambda.physical.attributes.Arn ?? '',
        region,
        inVpc: isInVpc(lambda),
      });
      return [{ name, arn, statements: statementsOf(resource), code, variables: Variables }];
    }
    if (started.has(arn)) return [{ name, arn, statements: statementsOf(resource), code: undefined, variables: {} }];
    if (Object.keys(rolesNotChecked).some((known) => resource.logicalId.startsWith(known))) return [];
    throw new Error(`${stage} ${zone}: nobody knows what acts under the role ${arn} (${resource.logicalId})`);
  });
  const missing = (Object.keys(functions) as FunctionName[]).filter(
    (name) => !roles.some((role) => role.name === name),
  );
  if (missing.length > 0) throw new Error(`${stage} ${zone}: there is no role of ${missing.join(', ')}`);
  return {
    stage,
    deployment,
    roles,
    withoutNames: withoutNames(stage, deployment, environment),
    representative: representatives(deployment),
  };
};

/** All zones of a stage. */
export const readPlaces = (assembly: string, stage: string): Place[] =>
  readAssembly(assembly, stage).map((zone) =>
    placeOf(stage, deploy(zone, { TestProcessorUrl: 'http://127.0.0.1:1', BaseUrls: '{}', OtherRegionUrl: '' })),
  );

export const placeName = ({ stage, deployment }: Place): string => `${stage}-${deployment.zone}`;
