// The alias under which a function answers requests, and how CodeDeploy moves it to a new version: first for a tenth of the requests,
// and back when an alarm goes off (docs/decisions/0042). Other functions have none: who reads a stream or a queue, or starts by
// the clock, tries again, so nothing is lost until CloudFormation takes a bad change back.

import type { Stack } from 'aws-cdk-lib';
import { type FunctionName, type FunctionRow, functions } from '../../contract/capabilities.ts';
import type { SloClass } from '../../contract/kernel/slo.ts';
import { functionArn, liveAlias, type ZoneDeployment } from './names.ts';
import { profileOf } from './profile.ts';

/** One of CodeDeploy's own configurations: no resource, and no name that a deletion has to wait for. */
export const trafficShift = {
  config: 'CodeDeployDefault.LambdaCanary10Percent10Minutes',
  percent: 10,
  minutes: 10,
} as const;

/** What is measured reaches its alarm about so late (known, not looked up). */
const metricDelayMinutes = 2;

/** Whether an alarm goes off while a tenth of the requests meet the new version. */
export const goesOffInTime = ({
  periods,
  periodMinutes,
}: {
  readonly periods: number;
  readonly periodMinutes: number;
}) => periods * periodMinutes + metricDelayMinutes <= trafficShift.minutes;

const answersRequests = ({ trigger }: FunctionRow): boolean => trigger.kind === 'api' || trigger.kind === 'authorizer';

export const hasLiveAlias = (deployment: Pick<ZoneDeployment, 'stageConfig'>, row: FunctionRow): boolean =>
  profileOf(deployment).gradualDeployment && answersRequests(row);

/**
 * Whether CodeDeploy moves aliases. Not while the stage is made: its alarms are not there yet, and a deployment that can't ask for
 * them stops. Nor where whoever deploys says so, to put right what fails: CodeDeploy starts nothing while an alarm is on.
 */
export const shiftsGradually = ({ creating, atOnce }: Pick<ZoneDeployment, 'creating' | 'atOnce'>): boolean =>
  creating !== true && atOnce !== true;

/** What calls for answers names: the alias, where the function has one. */
export const answeringArn = (stack: Stack, deployment: ZoneDeployment, name: FunctionName): string => {
  const arn = functionArn(stack, deployment, name);
  return hasLiveAlias(deployment, functions[name]) ? `${arn}:${liveAlias}` : arn;
};

const answeredClasses = ['read', 'write', 'money', 'ingress'] as const satisfies readonly SloClass[];

/**
 * Alarms that take a new version of the function back, by their names in lib/derive/alarms.ts: each on metrics, as CodeDeploy reads no
 * composite (known, not looked up). The first ones see what any function answers, so that a bad release ends for all functions together; the others
 * see what this one never answers: it crashes, times out or logs a failure.
 */
export const alarmsJudging = (name: FunctionName): readonly string[] => {
  const row: FunctionRow = functions[name];
  return [
    'gateway-failing',
    ...answeredClasses.map((of) => `slo-${of}-burning.5m`),
    // An authorizer refuses by an error.
    ...(row.trigger.kind === 'authorizer' ? [] : [`functions-failing.${name}`]),
    ...(row.failureAlarm !== undefined && goesOffInTime(row.failureAlarm) ? [`${name}-failing`] : []),
  ];
};
