// Gradual deployment: what answers requests is called by an alias, which CodeDeploy moves to a new version for a tenth of the requests
// first, and back when an alarm goes off. In a sandbox there is none of it.

import { isDeepStrictEqual } from 'node:util';
import { type FunctionName, type FunctionRow, functions } from '../../../contract/capabilities.ts';
import { functionPath } from '../../derive/function_stack.ts';
import { alarmsJudging, goesOffInTime, hasLiveAlias, shiftsGradually, trafficShift } from '../../derive/live_alias.ts';
import { alarmName, deploymentApplicationName, liveAlias } from '../../derive/names.ts';
import { profileOf } from '../../derive/profile.ts';
import { type Called, calledAt, invokedAt } from '../../evidence/routes.ts';
import { type Json, listed, ofType, type Rule, type RuleContext, unless } from '../rule.ts';

const promises = ['SLO-1'] as const;

/** What has no place where functions are changed at once, and none for a function that has no alias. */
const placeFaults = (zone: RuleContext, name: string | undefined): readonly string[] => {
  const row: FunctionRow | undefined = functions[name as FunctionName];
  return unless(row !== undefined && hasLiveAlias(zone.deployment, row), 'it is for no function that answers requests');
};

const aliasFaults = (called: Called | undefined, { deployment }: RuleContext): readonly string[] => {
  const expected = profileOf(deployment).gradualDeployment ? liveAlias : undefined;
  return unless(
    called !== undefined && called.alias?.p.Name === expected,
    `it is for ${called?.alias?.p.Name ?? 'what was last changed'}, not for ${expected ?? 'the function itself'}`,
  );
};

const unknown = (p: Json, known: readonly string[]): readonly string[] =>
  Object.keys(p).flatMap((name) => unless(known.includes(name), `nobody described ${name}`));

/** What the function's construct is named, out of that of something that belongs to it. */
const ownerOf = (name: string, suffix: string): string | undefined =>
  Object.keys(functions).find((each) => name === `${functionPath(each as FunctionName)}${suffix}`);

/** Minutes after which an alarm of a template goes off, at the soonest. */
const timingOf = ({ Period, Metrics, EvaluationPeriods }: Json) => ({
  periods: EvaluationPeriods,
  periodMinutes:
    Math.max(...[Period, ...listed(Metrics).map((each) => each.MetricStat?.Period)].map((s) => s ?? 0)) / 60,
});

function alarmFaults(p: Json, zone: RuleContext, owner: string): readonly string[] {
  const { Alarms, Enabled, IgnorePollAlarmFailure, ...others } = p.AlarmConfiguration ?? {};
  const names = listed(Alarms).map(({ Name }) => Name);
  const known = new Map(ofType(zone, 'AWS::CloudWatch::Alarm').map((alarm) => [alarm.p.AlarmName, alarm.p]));
  const expected = alarmsJudging(owner as FunctionName).map((alarm) => alarmName(zone.deployment, alarm));
  return [
    ...unless(Enabled === true && names.length > 0, 'no alarm takes a new version back'),
    ...unless(IgnorePollAlarmFailure === false, 'it goes on when alarms cannot be asked'),
    ...unknown(others, []),
    ...names.filter((name) => !known.has(name)).map((name) => `${name} is no alarm on metrics of the zone`),
    ...names
      .filter((name) => known.has(name) && !goesOffInTime(timingOf(known.get(name))))
      .map((name) => `${name} goes off when all requests meet the new version already`),
    ...unless(isDeepStrictEqual(names, expected), 'its alarms are not those of lib/derive/live_alias.ts'),
  ];
}

const groups: Rule = {
  id: 'Strongroom-REL5',
  types: ['AWS::CodeDeploy::DeploymentGroup'],
  promises,
  statement: `A new version of a function that answers meets ${trafficShift.percent} % of the requests for ${trafficShift.minutes} minutes, and at least one alarm, which goes off within them, takes it back.`,
  check: ({ name, p }, zone) => {
    const owner = ownerOf(name, '-deployment');
    if (owner === undefined) return ['it belongs to no function'];
    const { AlarmConfiguration: _, AutoRollbackConfiguration: rollback, DeploymentStyle: style, ...rest } = p;
    return [
      ...placeFaults(zone, owner),
      ...alarmFaults(p, zone, owner),
      ...unless(
        rollback?.Enabled === true &&
          ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'].every((event) =>
            listed(rollback.Events).includes(event),
          ),
        'what it stops is not taken back',
      ),
      ...unless(
        style?.DeploymentType === 'BLUE_GREEN' && style.DeploymentOption === 'WITH_TRAFFIC_CONTROL',
        'it controls no traffic',
      ),
      ...unless(p.DeploymentConfigName === trafficShift.config, `it moves traffic by ${p.DeploymentConfigName}`),
      ...unless(p.ApplicationName === 'functions/deployments', `it belongs to ${p.ApplicationName}`),
      ...unless(p.DeploymentGroupName === owner, `it is named ${p.DeploymentGroupName}`),
      ...unless(p.ServiceRoleArn === 'functions/deployments-role.Arn', `its role is ${p.ServiceRoleArn}`),
      ...unknown(rest, [
        ...['ApplicationName', 'DeploymentConfigName', 'DeploymentGroupName', 'ServiceRoleArn', 'Tags'],
      ]),
    ];
  },
};

const alias: Rule = {
  id: 'Strongroom-REL3',
  types: ['AWS::Lambda::Alias'],
  promises,
  statement:
    'An alias stands for the current version of its function alone, and only CodeDeploy moves it; while a stage is made, or deployed at once, CloudFormation does.',
  check: ({ name, p, updatePolicy }, zone) => {
    const owner = ownerOf(name, `-${liveAlias}`);
    if (owner === undefined) return ['it belongs to no function'];
    const path = functionPath(owner as FunctionName);
    const moved = {
      CodeDeployLambdaAliasUpdate: {
        ApplicationName: deploymentApplicationName(zone.deployment),
        DeploymentGroupName: owner,
      },
    };
    return [
      ...placeFaults(zone, owner),
      ...unless(p.Name === liveAlias, `it is named ${p.Name}`),
      ...unless(p.FunctionName === path, `it is of ${p.FunctionName}`),
      ...unless(p.FunctionVersion === `${path}/CurrentVersion.Version`, `it stands for ${p.FunctionVersion}`),
      ...unknown(p, ['Description', 'FunctionName', 'FunctionVersion', 'Name']),
      ...unless(
        isDeepStrictEqual(updatePolicy, shiftsGradually(zone.deployment) ? moved : undefined),
        'it is moved otherwise',
      ),
      ...unless(
        ofType(zone, 'AWS::CodeDeploy::DeploymentGroup').some((group) => group.p.DeploymentGroupName === owner),
        'nothing moves it gradually',
      ),
    ];
  },
};

export const deployments: readonly Rule[] = [
  {
    id: 'Strongroom-REL1',
    types: ['AWS::ApiGateway::Method', 'AWS::ApiGateway::Authorizer'],
    promises,
    statement: 'The API calls functions by their alias where new versions are deployed gradually, and nowhere else.',
    check: ({ p }, zone) => aliasFaults(invokedAt(zone, p.Integration?.Uri ?? p.AuthorizerUri), zone),
  },
  {
    id: 'Strongroom-REL2',
    types: ['AWS::Lambda::Permission'],
    promises,
    statement:
      'A permission of the API is on the alias that it calls: one on the function is none on the alias, and would let the API reach what no alarm has judged.',
    check: ({ p }, zone) =>
      (p.Principal ?? 'apigateway.amazonaws.com') === 'apigateway.amazonaws.com'
        ? aliasFaults(calledAt(zone, p.FunctionName), zone)
        : [],
  },
  alias,
  {
    id: 'Strongroom-REL4',
    types: ['AWS::Lambda::Version'],
    promises,
    statement: 'A published version is of a function that answers, costs nothing, and goes with its release.',
    check: ({ name, p, outlives }, zone) => [
      ...placeFaults(zone, ownerOf(name, '/CurrentVersion')),
      ...unless(`${p.FunctionName}/CurrentVersion` === name, `it is of ${p.FunctionName}`),
      ...unknown(p, ['FunctionName']),
      ...unless(!outlives, 'it stays for good'),
    ],
  },
  groups,
  {
    id: 'Strongroom-REL6',
    types: ['AWS::CodeDeploy::Application'],
    promises,
    statement: 'The one application of CodeDeploy is for functions, where new versions are deployed gradually.',
    check: ({ name, p }, { deployment }) => [
      ...unless(
        name === 'functions/deployments' && profileOf(deployment).gradualDeployment,
        'nothing is deployed gradually by it',
      ),
      ...unless(p.ComputePlatform === 'Lambda', `it is for ${p.ComputePlatform}`),
      ...unless(p.ApplicationName === deploymentApplicationName(deployment), `it is named ${p.ApplicationName}`),
    ],
  },
];
