// Weaknesses in gradual deployment: ways by which new code would meet all requests at once, or nothing would take it back.

import type { Json } from '../../lib/evidence/template.ts';
import type { Planting } from './planting.ts';
import type { Plant } from './plants_of_grants.ts';

const group = (p: Planting): Json => p.at('functions/money-deployment');
const alias = (p: Planting): Json => p.at('functions/money-live');
/** The function itself, in place of its alias. */
const unqualified = (value: Json): Json => JSON.parse(JSON.stringify(value).replaceAll(':live', ''));
const noAlarms = { Enabled: false, Alarms: [], IgnorePollAlarmFailure: false };

const calls: readonly Plant[] = [
  {
    what: 'an integration that calls what was last changed',
    plant: (p) => {
      const { Integration } = p.at('api/api/Default/v1/payments/POST');
      Integration.Uri = unqualified(Integration.Uri);
    },
    says: /REL1 .*payments\/POST: it is for what was last changed, not for live/,
  },
  {
    what: 'an authorizer that is asked by its function',
    plant: (p) => {
      const authorizer = p.at('api/api-authorizer', 'AWS::ApiGateway::Authorizer');
      authorizer.AuthorizerUri = unqualified(authorizer.AuthorizerUri);
    },
    says: /REL1 .*authorizer: it is for what was last changed/,
  },
  {
    what: 'a permission of the API on the function in place of its alias',
    plant: (p) => {
      const permission = p.at('api/money-called-by-api');
      permission.FunctionName = unqualified(permission.FunctionName);
    },
    says: /REL2 .*money-called-by-api: it is for what was last changed/,
  },
  {
    what: 'a permission of the API on the function besides its alias',
    plant: (p) =>
      p.add('api', 'besides', 'AWS::Lambda::Permission', {
        ...p.at('api/money-called-by-api'),
        FunctionName: unqualified(p.at('api/money-called-by-api').FunctionName),
      }),
    says: /REL2 .*besides: it is for what was last changed/,
  },
  {
    what: 'an integration that calls another alias',
    plant: (p) => {
      p.add('functions', 'other', 'AWS::Lambda::Alias', { ...alias(p), Name: 'other' });
      const { Integration } = p.at('api/api/Default/v1/payments/POST');
      Integration.Uri = JSON.parse(JSON.stringify(Integration.Uri).replaceAll(':live', ':other'));
    },
    says: /REL1 .*payments\/POST: it is for other, not for live/,
  },
];

const aliases: readonly Plant[] = [
  {
    what: 'an alias that CloudFormation moves at once',
    plant: (p) => {
      delete p.resource('functions/money-live').UpdatePolicy;
    },
    says: /REL3 .*money-live: it is moved otherwise/,
  },
  {
    what: 'an alias that the deployment group of another function moves',
    plant: (p) => {
      p.resource('functions/money-live').UpdatePolicy.CodeDeployLambdaAliasUpdate.DeploymentGroupName = 'docs';
    },
    says: /REL3 .*money-live: it is moved otherwise/,
  },
  {
    what: 'an alias whose deployment a hook decides',
    plant: (p) => {
      p.resource('functions/money-live').UpdatePolicy.CodeDeployLambdaAliasUpdate.BeforeAllowTrafficHook = 'hook';
    },
    says: /REL3 .*money-live: it is moved otherwise/,
  },
  {
    what: 'an alias of what was last changed',
    plant: (p) => {
      alias(p).FunctionVersion = '$LATEST';
    },
    says: /REL3 .*money-live: it stands for \$LATEST/,
  },
  {
    what: 'an alias that shares its requests with another version for good',
    plant: (p) => {
      alias(p).RoutingConfig = { AdditionalVersionWeights: [{ FunctionVersion: '1', FunctionWeight: 0.5 }] };
    },
    says: /REL3 .*money-live: nobody described RoutingConfig/,
  },
  {
    what: 'an alias of a function that answers nothing',
    plant: (p) => p.add('functions', 'relaylive', 'AWS::Lambda::Alias', { ...alias(p) }),
    says: /REL3 .*relaylive: it belongs to no function/,
  },
  {
    what: 'a version that is provisioned and paid by the hour',
    plant: (p) => {
      p.at('functions/money/CurrentVersion').ProvisionedConcurrencyConfig = { ProvisionedConcurrentExecutions: 5 };
    },
    says: /REL4 .*CurrentVersion: nobody described ProvisionedConcurrencyConfig/,
  },
];

const groups: readonly Plant[] = [
  {
    what: 'a deployment group without an alarm',
    plant: (p) => {
      group(p).AlarmConfiguration = noAlarms;
    },
    says: /REL5 .*money-deployment: no alarm takes a new version back/,
  },
  {
    what: 'a deployment group whose alarms are turned off',
    plant: (p) => {
      group(p).AlarmConfiguration.Enabled = false;
    },
    says: /REL5 .*money-deployment: no alarm takes a new version back/,
  },
  {
    what: 'a deployment group that goes on when its alarms cannot be asked',
    plant: (p) => {
      group(p).AlarmConfiguration.IgnorePollAlarmFailure = true;
    },
    says: /REL5 .*money-deployment: it goes on when alarms cannot be asked/,
  },
  {
    what: 'a deployment group whose alarm is no alarm of the zone',
    plant: (p) => {
      group(p).AlarmConfiguration.Alarms = [{ Name: 'strongroom-production-us-never' }];
    },
    says: /REL5 .*money-deployment: strongroom-production-us-never is no alarm on metrics/,
  },
  {
    what: 'a deployment group that leaves a failed version where it is',
    plant: (p) => {
      group(p).AutoRollbackConfiguration = { Enabled: true, Events: ['DEPLOYMENT_FAILURE'] };
    },
    says: /REL5 .*money-deployment: what it stops is not taken back/,
  },
  {
    what: 'a deployment group that moves all requests at once',
    plant: (p) => {
      group(p).DeploymentConfigName = 'CodeDeployDefault.LambdaAllAtOnce';
    },
    says: /REL5 .*money-deployment: it moves traffic by CodeDeployDefault.LambdaAllAtOnce/,
  },
  {
    what: 'a deployment group that tells somebody else of deployments',
    plant: (p) => {
      group(p).TriggerConfigurations = [
        { TriggerEvents: ['DeploymentStart'], TriggerTargetArn: 'arn:aws:sns:us-east-1:111122223333:x' },
      ];
    },
    says: /REL5 .*money-deployment: nobody described TriggerConfigurations/,
  },
  {
    what: 'CodeDeploy may move the alias of another function',
    plant: (p) => {
      p.at('functions/deployments-role').Policies[0].PolicyDocument.Statement.push({
        Effect: 'Allow',
        Action: 'lambda:UpdateAlias',
        Resource: 'arn:aws:lambda:us-east-1:111122223333:function:other',
      });
    },
    says: /GRANT1 .*deployments-role: nothing declares: allow lambda:UpdateAlias/,
  },
  {
    what: 'CodeDeploy acts for any account',
    plant: (p) => {
      delete p.at('functions/deployments-role').AssumeRolePolicyDocument.Statement[0].Condition;
    },
    says: /IAM3 .*deployments-role: its trust lacks the condition aws:SourceAccount/,
  },
];

/** The surface says of an alarm whom it tells, and not when it goes off. */
export const plantsOfTiming: readonly Plant[] = [
  {
    what: 'an alarm that goes off when all requests meet the new version already',
    plant: (p) => {
      p.at('watch/functions-failing.money').EvaluationPeriods = 9;
    },
    says: /REL5 .*money-deployment: \S+functions-failing.money goes off when all requests meet the new version/,
  },
];

export const plantsOfDeployments: readonly Plant[] = [...calls, ...aliases, ...groups];
