// What AWS would refuse while it deploys the templates: roles that their service may not assume, keys that a service may not
// use for what it stores, functions that cannot be attached to their VPC. Any of it stops the boot, as it would stop the
// deployment.

import * as v from 'valibot';
import type { Deployment, Resource } from '../cloudformation/deployment.ts';
import { tableKey } from '../dynamodb/known.ts';
import type { Access } from '../endpoint/access.ts';
import { UserError } from '../host/user_error.ts';
import { roleActor, serviceActor } from '../iam/authorize.ts';
import { type Actor, deployerArn, type ZonePolicies } from '../iam/policies.ts';
import { sessionArn } from '../iam/principals.ts';
import { accessesOf, type ServiceSideAct, serviceSide } from '../iam/service_side.ts';
import { grantThrough, through } from '../iam/through.ts';
import { isInVpc } from '../lambda/function.ts';

const LambdaFunction = v.object({
  Role: v.string(),
  KmsKeyArn: v.optional(v.string()),
});
const Schedule = v.object({ GroupName: v.optional(v.string(), 'default'), Target: v.object({ RoleArn: v.string() }) });
const Sealed = v.object({ KmsKeyId: v.optional(v.string()) });

interface Act {
  readonly resource: Resource;
  readonly act: ServiceSideAct;
  readonly actor: Actor;
  readonly accesses: readonly Access[];
}

const functionActs = (deployment: Deployment, deployer: Actor): Act[] => {
  const { region, account } = deployment;
  const interfaces = `arn:aws:ec2:${region}:${account}:*/*`;
  const lambda = serviceActor('lambda.amazonaws.com', region);
  return deployment.of('AWS::Lambda::Function').flatMap((resource): Act[] => {
    const { Role, KmsKeyArn } = v.parse(LambdaFunction, resource.properties());
    const own = roleActor(Role, sessionArn(Role, resource.physical.ref), region);
    const grant = KmsKeyArn && accessesOf('openEnvironment', KmsKeyArn, grantThrough('lambda', region));
    return [
      { resource, act: 'takeRole', actor: lambda, accesses: accessesOf('takeRole', Role) },
      ...(grant ? [{ resource, act: 'openEnvironment', actor: deployer, accesses: grant } as const] : []),
      ...(isInVpc(resource)
        ? ([
            { resource, act: 'attachToVpc', actor: own, accesses: accessesOf('attachToVpc', interfaces) },
            { resource, act: 'seeVpc', actor: own, accesses: accessesOf('seeVpc', '*') },
          ] as const)
        : []),
    ];
  });
};

const scheduleActs = (deployment: Deployment): Act[] => {
  const { region, account } = deployment;
  return deployment.of('AWS::Scheduler::Schedule').map((resource): Act => {
    const { GroupName, Target } = v.parse(Schedule, resource.properties());
    // Scheduler names the group, not the schedule, when it assumes the role.
    const keys = {
      'aws:SourceAccount': [account],
      'aws:SourceArn': [`arn:aws:scheduler:${region}:${account}:schedule-group/${GroupName}`],
    };
    const actor = serviceActor('scheduler.amazonaws.com', region, keys);
    return { resource, act: 'takeRole', actor, accesses: accessesOf('takeRole', Target.RoleArn) };
  });
};

const tableActs = (deployment: Deployment, deployer: Actor): Act[] =>
  deployment.of('AWS::DynamoDB::GlobalTable').flatMap((resource): Act[] => {
    const key = tableKey(resource);
    if (key === undefined) return [];
    const accesses = accessesOf('keepTable', key, grantThrough('dynamodb', deployment.region));
    return [{ resource, act: 'keepTable', actor: deployer, accesses }];
  });

const secretActs = (deployment: Deployment, deployer: Actor): Act[] =>
  deployment.of('AWS::SecretsManager::Secret').flatMap((resource): Act[] => {
    const { KmsKeyId } = v.parse(Sealed, resource.properties());
    if (KmsKeyId === undefined) return [];
    const keys = through('secretsmanager', deployment.region, { SecretARN: resource.physical.ref });
    return [{ resource, act: 'sealSecret', actor: deployer, accesses: accessesOf('sealSecret', KmsKeyId, keys) }];
  });

const logActs = (deployment: Deployment): Act[] => {
  const { region, account } = deployment;
  return deployment.of('AWS::Logs::LogGroup').flatMap((resource): Act[] => {
    const { KmsKeyId } = v.parse(Sealed, resource.properties());
    if (KmsKeyId === undefined) return [];
    const group = `arn:aws:logs:${region}:${account}:log-group:${resource.physical.ref}`;
    const keys = through('logs', region, { 'aws:logs:arn': group });
    const actor = serviceActor(`logs.${region}.amazonaws.com`, region);
    return [{ resource, act: 'sealLogs', actor, accesses: accessesOf('sealLogs', KmsKeyId, keys) }];
  });
};

const actsOf = (deployment: Deployment): Act[] => {
  const { region, account } = deployment;
  const deployer = roleActor(deployerArn(account), sessionArn(deployerArn(account), 'local'), region);
  return [
    ...functionActs(deployment, deployer),
    ...scheduleActs(deployment),
    ...tableActs(deployment, deployer),
    ...secretActs(deployment, deployer),
    ...logActs(deployment),
  ];
};

/** Reports all refusals at once. */
export const checkDeployment = (deployment: Deployment, policies: ZonePolicies): void => {
  const refusals = actsOf(deployment).flatMap(({ resource, act, actor, accesses }) =>
    accesses.flatMap((access) => {
      const error = policies.refusal(actor, access);
      if (error === undefined) return [];
      return [`stack ${resource.stack.name}: ${resource.logicalId}: ${serviceSide[act].what}: ${error.message}`];
    }),
  );
  if (refusals.length > 0) throw new UserError(`AWS would refuse to deploy this:\n${refusals.join('\n')}`);
};
