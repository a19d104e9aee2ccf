// Turns a function's row into the statements of its policy, and nothing else into any. Every statement names its actions
// and its resources; a wildcard is used only where AWS has nothing finer, with the reason beside it.

import { ArnFormat, aws_iam as iam } from 'aws-cdk-lib';
import type { FunctionName, FunctionRow } from '../../contract/capabilities.ts';
import { keyStatements, rotationStatements, secretStatements } from './key_access.ts';
import { busName, logGroupName } from './names.ts';
import { profileOf } from './profile.ts';
import { queueStatements } from './queue_access.ts';
import type { Scope } from './scope.ts';
import { streamStatements } from './stream_access.ts';
import { tableStatements } from './table_access.ts';
import { apiKeysArn, usagePlanKeysArns } from './usage_plans.ts';
import { vpcStatements } from './vpc_access.ts';

const busStatements = ({ stack, deployment }: Scope, row: FunctionRow): iam.PolicyStatement[] =>
  row.publishes === undefined
    ? []
    : [
        new iam.PolicyStatement({
          sid: 'Publish',
          actions: ['events:PutEvents'],
          resources: [stack.formatArn({ service: 'events', resource: 'event-bus', resourceName: busName(deployment) })],
          conditions: { StringEquals: { 'events:source': 'strongroom' } },
        }),
      ];

const usageKeyStatements = ({ stack, usagePlanIds }: Scope, row: FunctionRow): iam.PolicyStatement[] =>
  row.makesUsageKeys === undefined
    ? []
    : [
        new iam.PolicyStatement({
          sid: 'UsageKeys',
          // API Gateway's actions are HTTP's verbs; there is no finer resource than all keys of the account and region.
          actions: ['apigateway:POST', 'apigateway:GET'],
          resources: [apiKeysArn(stack)],
        }),
        new iam.PolicyStatement({
          sid: 'UsageKeysIntoPlans',
          actions: ['apigateway:POST'],
          resources: usagePlanKeysArns(stack, usagePlanIds),
        }),
      ];

const logStatement = ({ stack, deployment }: Scope, name: FunctionName): iam.PolicyStatement =>
  new iam.PolicyStatement({
    sid: 'OwnLogs',
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    // Lambda names the streams inside the group as it starts instances.
    resources: [
      stack.formatArn({
        service: 'logs',
        resource: 'log-group',
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        resourceName: `${logGroupName(deployment, name)}:*`,
      }),
    ],
  });

/** All that the function may do. */
export const statementsOf = (scope: Scope, name: FunctionName, row: FunctionRow): iam.PolicyStatement[] => [
  ...tableStatements(scope, row),
  ...streamStatements(scope, row),
  ...queueStatements(scope, row),
  ...keyStatements(scope, row),
  ...secretStatements(scope, row),
  ...rotationStatements(scope, row),
  ...busStatements(scope, row),
  ...usageKeyStatements(scope, row),
  ...(profileOf(scope.deployment).network ? vpcStatements(scope.stack, scope.deployment, name) : []),
  logStatement(scope, name),
];
