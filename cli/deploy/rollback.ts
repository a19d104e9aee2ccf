// A change of functions or of the API is taken back when it makes things worse: CloudFormation watches alarms while it changes the
// stack and for some minutes after, and rolls the whole change back when one goes off (docs/decisions/0033). Functions that answer
// requests CodeDeploy judges, by alarms of its own (docs/decisions/0042): those are left to it.

import { engineerLimits } from '../../contract/kernel/limits.ts';
import { lifecycleOf, type Plan, type Step, shiftMinutesOf, watchOf } from './plan.ts';

/** Stacks whose change can break what answers. */
const watched = ['functions', 'api'];

/**
 * Endings of the names of alarms: at most five, each on metrics, for CloudFormation takes no composite here. The first sees every
 * answer of every API function; the others what no answer shows.
 */
export const rollbackAlarms = [
  'gateway-failing',
  'authorizer-failing',
  'functions-failing.relay',
  'functions-failing.deliver',
] as const;

/** Alarms by which CodeDeploy takes functions of the stack back: it does so by itself, and two that do it get in each other's way. */
const leftToCodeDeploy = ({ stack }: Step): ReadonlySet<string> =>
  new Set(
    shiftMinutesOf(stack) === 0
      ? []
      : Object.values(stack.template.Resources ?? {}).flatMap(({ Type, Properties }) =>
          Type === 'AWS::CodeDeploy::DeploymentGroup'
            ? (Properties?.AlarmConfiguration?.Alarms ?? []).map(({ Name }: { readonly Name: string }) => Name)
            : [],
        ),
  );

const alarmsOf = ({ stack }: Step): string[] =>
  Object.values(stack.template.Resources ?? {}).flatMap(({ Type, Properties }) => {
    const name = Type === 'AWS::CloudWatch::Alarm' ? String(Properties?.AlarmName) : '';
    return rollbackAlarms.some((alarm) => name.endsWith(`-${alarm}`)) ? [name] : [];
  });

/** ARNs of the alarms that watch a step: none while it, or what watches it, is made for the first time. */
export function watchersOf({ account, steps, atOnce }: Plan, step: Step): string[] {
  const { region, id } = step.stack;
  if (step.makes || atOnce === 'asked for' || !watched.includes(lifecycleOf(id))) return [];
  const watch = watchOf(step, steps);
  // CloudFormation takes a change back whose alarm is not there.
  if (watch === undefined || watch.makes) return [];
  const left: ReadonlySet<string> = atOnce === undefined ? leftToCodeDeploy(step) : new Set();
  return alarmsOf(watch)
    .filter((name) => !left.has(name))
    .map((name) => `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`);
}

/** What the CDK CLI is told of it. */
export function rollbackArguments(plan: Plan, step: Step): string[] {
  const arns = watchersOf(plan, step);
  if (arns.length === 0) return [];
  return [
    // One by one: a list would take the stack's id along.
    ...arns.flatMap((arn) => ['--rollback-trigger-alarm-arns', arn]),
    '--monitoring-time-minutes',
    String(engineerLimits.rollbackWatchMinutes),
  ];
}
