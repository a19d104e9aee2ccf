// A published version, the alias that answers requests, and the CodeDeploy deployment group that moves the alias from one version to
// the next. A version goes with the release that it belongs to: going back is a deployment of the release before.

import { aws_codedeploy as codedeploy, aws_iam as iam, aws_lambda as lambda, type Stack } from 'aws-cdk-lib';
import type { FunctionName } from '../../contract/capabilities.ts';
import { type FunctionStack, functionsIn } from '../derive/function_stack.ts';
import { alarmsJudging, hasLiveAlias, shiftsGradually, trafficShift } from '../derive/live_alias.ts';
import {
  alarmName,
  deploymentApplicationName,
  functionArn,
  liveAlias,
  roleName,
  type ZoneDeployment,
} from '../derive/names.ts';

/** Adds an alias to a function that has one. */
export type AddLiveAlias = (name: FunctionName, target: lambda.Function) => void;

/** CodeDeploy's application and role for the functions of a stack; nothing where none of them has an alias. */
export function addDeployments(stack: Stack, kind: FunctionStack, deployment: ZoneDeployment): AddLiveAlias {
  const names = functionsIn(kind).flatMap(([name, row]) => (hasLiveAlias(deployment, row) ? [name] : []));
  if (names.length === 0) return () => {};
  const application = new codedeploy.CfnApplication(stack, 'deployments', {
    applicationName: deploymentApplicationName(deployment),
    computePlatform: 'Lambda',
  });
  const role = addRole(stack, deployment, names);
  return (name, target) => {
    if (!names.includes(name)) return;
    const group = new codedeploy.CfnDeploymentGroup(stack, `${name}-deployment`, {
      applicationName: application.ref,
      deploymentGroupName: name,
      serviceRoleArn: role.roleArn,
      deploymentConfigName: trafficShift.config,
      deploymentStyle: { deploymentType: 'BLUE_GREEN', deploymentOption: 'WITH_TRAFFIC_CONTROL' },
      autoRollbackConfiguration: {
        enabled: true,
        events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'],
      },
      alarmConfiguration: {
        enabled: true,
        alarms: alarmsJudging(name).map((alarm) => ({ name: alarmName(deployment, alarm) })),
        // An alarm that can't be asked judges nothing.
        ignorePollAlarmFailure: false,
      },
    });
    const alias = new lambda.CfnAlias(stack, `${name}-${liveAlias}`, {
      name: liveAlias,
      description: 'Answers requests; moved by CodeDeploy',
      functionName: target.functionName,
      functionVersion: target.currentVersion.version,
    });
    alias.addResourceDependency(group);
    if (!shiftsGradually(deployment)) return;
    alias.cfnOptions.updatePolicy = {
      codeDeployLambdaAliasUpdate: {
        applicationName: deploymentApplicationName(deployment),
        deploymentGroupName: name,
      },
    };
  };
}

/**
 * AWSCodeDeployRoleForLambdaLimited (managed policy reference, read 2026-12-01) names every alias, alarm and version of the account, and
 * objects and hooks that we don't have: revisions come from CloudFormation, as text.
 */
function addRole(stack: Stack, deployment: ZoneDeployment, names: readonly FunctionName[]): iam.Role {
  const arns = names.map((name) => functionArn(stack, deployment, name));
  const application = stack.formatArn({
    service: 'codedeploy',
    resource: `deploymentgroup:${deploymentApplicationName(deployment)}`,
    resourceName: '*',
  });
  return new iam.Role(stack, 'deployments-role', {
    roleName: roleName(deployment, 'deployments'),
    description: "Moves the aliases of Strongroom's functions to new versions, and back",
    assumedBy: new iam.ServicePrincipal('codedeploy.amazonaws.com', {
      conditions: {
        StringEquals: { 'aws:SourceAccount': stack.account },
        ArnLike: { 'aws:SourceArn': application },
      },
    }),
    inlinePolicies: {
      deployments: new iam.PolicyDocument({
        minimize: false,
        statements: [
          new iam.PolicyStatement({
            sid: 'MoveAliases',
            actions: ['lambda:GetAlias', 'lambda:UpdateAlias'],
            // Of these actions the resource is the function (Lambda developer guide, "Resources and conditions for Lambda actions").
            resources: arns,
          }),
          new iam.PolicyStatement({
            sid: 'SeeVersions',
            actions: ['lambda:GetProvisionedConcurrencyConfig'],
            // Lambda numbers the versions.
            resources: arns.map((arn) => `${arn}:*`),
          }),
          new iam.PolicyStatement({
            sid: 'AskAlarms',
            actions: ['cloudwatch:DescribeAlarms'],
            // Asked of all alarms at once, whichever are named (aws-samples/amazon-cloudwatch-auto-alarms #1, read 2026-12-01).
            resources: [stack.formatArn({ service: 'cloudwatch', resource: 'alarm:*' })],
          }),
        ],
      }),
    },
  });
}
