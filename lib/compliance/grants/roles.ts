// Every role of a zone: who assumes it, and what it may do. A role that is not here is nobody's.

import { type FunctionName, functions, type TableName, tables } from '../../../contract/capabilities.ts';
import { functionPath } from '../../derive/function_stack.ts';
import { deploymentApplicationName, functionName, tableName, type ZoneDeployment } from '../../derive/names.ts';
import { profileOf } from '../../derive/profile.ts';
import { backupRoles } from './backups.ts';
import { roleStatements } from './function_roles.ts';
import { allow, arnIn, prefixed, type Statement, type Where } from './statement.ts';

export interface Role {
  readonly trust: Statement;
  readonly grants: readonly Statement[];
}

const assumedBy = (service: string, StringEquals?: Where[string]): Statement => ({
  Effect: 'Allow',
  Principal: { Service: `${service}.amazonaws.com` },
  Action: ['sts:AssumeRole'],
  Resource: [],
  ...(StringEquals !== undefined && { Condition: { StringEquals } }),
});

const ofFunctions = (deployment: ZoneDeployment): Record<string, Role> =>
  Object.fromEntries(
    (Object.keys(functions) as FunctionName[]).map((name) => [
      `${functionPath(name)}-role`,
      { trust: assumedBy('lambda'), grants: roleStatements(deployment, name) },
    ]),
  );

const ofSchedules = (deployment: ZoneDeployment): Record<string, Role> =>
  Object.fromEntries(
    (Object.keys(functions) as FunctionName[])
      .filter((name) => functions[name].trigger.kind === 'schedule')
      .map((name) => [
        `${functionPath(name)}-schedule-role`,
        {
          // Scheduler names the group, not the schedule.
          trust: assumedBy('scheduler', {
            'aws:SourceAccount': '<account>',
            'aws:SourceArn': arnIn(deployment, 'scheduler', 'schedule-group/default'),
          }),
          grants: [allow(['lambda:InvokeFunction'], [`${functionPath(name)}.Arn`])],
        },
      ]),
  );

/** CodeDeploy's, for the functions that answer requests: it moves their aliases, when no alarm is on. */
const ofDeployments = (deployment: ZoneDeployment): Record<string, Role> => {
  if (!profileOf(deployment).gradualDeployment) return {};
  const answering = (Object.keys(functions) as FunctionName[])
    .filter((name) => ['api', 'authorizer'].includes(functions[name].trigger.kind))
    .map((name) => arnIn(deployment, 'lambda', `function:${functionName(deployment, name)}`));
  return {
    'functions/deployments-role': {
      trust: {
        ...assumedBy('codedeploy'),
        Condition: {
          StringEquals: { 'aws:SourceAccount': '<account>' },
          ArnLike: {
            'aws:SourceArn': arnIn(
              deployment,
              'codedeploy',
              `deploymentgroup:${deploymentApplicationName(deployment)}/*`,
            ),
          },
        },
      },
      grants: [
        allow(['lambda:GetAlias', 'lambda:UpdateAlias'], answering),
        allow(
          ['lambda:GetProvisionedConcurrencyConfig'],
          answering.map((arn) => `${arn}:*`),
        ),
        allow(['cloudwatch:DescribeAlarms'], [arnIn(deployment, 'cloudwatch', 'alarm:*')]),
      ],
    },
  };
};

/** By the name of the role's construct. */
export const rolesOf = (deployment: ZoneDeployment): Record<string, Role> => ({
  ...ofFunctions(deployment),
  ...ofSchedules(deployment),
  ...ofDeployments(deployment),
  ...backupRoles(deployment, assumedBy('backup', { 'aws:SourceAccount': '<account>' })),
  'account/gateway-logs-role': {
    trust: assumedBy('apigateway'),
    // API Gateway refuses a role with less.
    grants: [
      allow(
        prefixed('logs', [
          ...['CreateLogGroup', 'CreateLogStream', 'DescribeLogGroups', 'DescribeLogStreams', 'FilterLogEvents'],
          ...['GetLogEvents', 'PutLogEvents'],
        ]),
        ['*'],
      ),
    ],
  },
  ...(deployment.position === 'second' && {
    // At deployment alone, for CloudFormation.
    'data/stream-finder-role': {
      trust: assumedBy('lambda'),
      grants: [
        allow(
          ['dynamodb:DescribeTable'],
          (Object.keys(tables) as TableName[])
            .filter((name) => tables[name].stream)
            .map((name) => arnIn(deployment, 'dynamodb', `table/${tableName(deployment, name)}`)),
        ),
        allow(prefixed('logs', ['CreateLogStream', 'PutLogEvents']), ['data/stream-finder-logs.Arn']),
      ],
    },
  }),
  ...(profileOf(deployment).network && {
    'network/flow-logs-role': {
      trust: assumedBy('vpc-flow-logs', { 'aws:SourceAccount': '<account>' }),
      grants: [
        allow(prefixed('logs', ['CreateLogStream', 'DescribeLogStreams', 'PutLogEvents']), ['network/flow-logs.Arn']),
      ],
    },
  }),
});
