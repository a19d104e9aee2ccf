// A change of functions or of the API is watched by alarms that are there, and CloudFormation takes it back when one goes off.

import { beforeAll, describe, expect, it } from 'vitest';
import { planLines } from '../../cli/deploy/lines.ts';
import { type Known, lifecycleOf, type Plan, planOf, type Step } from '../../cli/deploy/plan.ts';
import { rollbackAlarms, rollbackArguments, watchersOf } from '../../cli/deploy/rollback.ts';
import { type AssembledStack, readAssembly } from '../../lib/cloud_assembly.ts';
import { assembly } from '../kit/run.ts';

let all: readonly AssembledStack[];
beforeAll(async () => {
  all = readAssembly(await assembly());
});
const of = (group: string): readonly AssembledStack[] => all.filter((stack) => stack.group === group);

const known = (stacks: readonly AssembledStack[]): Known => ({
  deployed: new Map(
    [...Map.groupBy(stacks, ({ region }) => region)].map(([region, there]) => [
      region,
      new Map(there.map(({ name }) => [name, 'UPDATE_COMPLETE'])),
    ]),
  ),
  protected: new Set(stacks.map(({ id }) => id)),
});
const changing = (group: string): Plan => planOf('any', '111111111111', of(group), known(of(group)));
const stepOf = ({ steps }: Plan, id: string): Step => {
  const step = steps.find(({ stack }) => stack.id === id);
  if (step === undefined) throw new Error(`no step is ${id}`);
  return step;
};

describe('a change', () => {
  it('of the API is watched in its own region, by alarms of the zone; of functions by those that CodeDeploy does not ask', () => {
    const plan = changing('production-us');
    for (const [path, region] of [
      ['production-us', 'us-east-1'],
      ['production-us/second', 'us-west-2'],
    ]) {
      for (const [stack, names] of [
        ['functions', ['functions-failing.deliver', 'functions-failing.relay']],
        ['api', rollbackAlarms],
      ] as const) {
        expect(watchersOf(plan, stepOf(plan, `${path}/${stack}`)).sort()).toEqual(
          names
            .map((name) => `arn:aws:cloudwatch:${region}:111111111111:alarm:strongroom-production-us-${name}`)
            .sort(),
        );
      }
    }
  });

  it('of anything else is not: a table or a key is not taken back because requests fail', () => {
    const plan = changing('production-us');
    const others = plan.steps.filter(({ stack }) => !['functions', 'api'].includes(lifecycleOf(stack.id)));
    expect(others.length).toBeGreaterThan(8);
    for (const step of others) expect(rollbackArguments(plan, step)).toEqual([]);
  });

  it('tells the CDK CLI each alarm by itself, and how long to watch', () => {
    const plan = changing('development-us');
    const args = rollbackArguments(plan, stepOf(plan, 'development-us/api'));
    expect(args.filter((arg) => arg === '--rollback-trigger-alarm-arns')).toHaveLength(rollbackAlarms.length);
    expect(args.slice(-2)).toEqual(['--monitoring-time-minutes', '10']);
  });

  it('in a sandbox is watched by those of the alarms that it has: CodeDeploy asks none there', () => {
    const plan = changing('sandbox-us');
    for (const stack of ['api', 'functions']) {
      const names = watchersOf(plan, stepOf(plan, `sandbox-us/${stack}`)).map((arn) => arn.split(':alarm:')[1]);
      const failing = ['strongroom-sandbox-us-authorizer-failing', 'strongroom-sandbox-us-gateway-failing'];
      expect(names.sort()).toEqual(failing);
    }
  });

  it('that is asked to be at once is watched by nobody: it puts right what fails', () => {
    const stacks = of('production-us');
    const plan = planOf('any', '111111111111', stacks, known(stacks), true);
    expect(plan.atOnce).toBe('asked for');
    for (const step of plan.steps) expect(rollbackArguments(plan, step)).toEqual([]);
  });

  it('is said to be watched before it is confirmed', () => {
    const cost = { dollars: 1, mostDollars: 1 } as Parameters<typeof planLines>[1];
    expect(planLines(changing('development-us'), cost).join(' ').replaceAll(/\s+/g, ' ')).toContain(
      '2 of them are watched for 10 minutes each',
    );
    const made = planOf('any', '111111111111', of('development-us'), { deployed: new Map(), protected: new Set() });
    expect(planLines(made, cost).join(' ')).not.toContain('are watched');
  });
});

describe('what is made for the first time', () => {
  it('is not watched: nothing has called it yet, and its alarms are not there', () => {
    const made = planOf('any', '111111111111', of('production-us'), { deployed: new Map(), protected: new Set() });
    for (const step of made.steps) expect(rollbackArguments(made, step)).toEqual([]);
  });

  it('nor is a change while the alarms themselves are missing: CloudFormation would take it back', () => {
    const stacks = of('development-us');
    const plan = planOf('any', '111111111111', stacks, known(stacks.filter(({ id }) => lifecycleOf(id) !== 'watch')));
    expect(rollbackArguments(plan, stepOf(plan, 'development-us/api'))).toEqual([]);
    // Nor does CodeDeploy move aliases, as it would stop at an alarm that it can't ask.
    expect(plan.atOnce).toBe('no alarms');
  });
});

it('each alarm is one on metrics, five at most, as CloudFormation takes them here', () => {
  expect(rollbackAlarms.length).toBeLessThanOrEqual(5);
  for (const watch of all.filter(({ id, group }) => lifecycleOf(id) === 'watch' && group !== 'sandbox-us')) {
    const names = Object.values(watch.template.Resources ?? {})
      .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
      .map(({ Properties }) => String(Properties?.AlarmName));
    for (const alarm of rollbackAlarms)
      expect(
        names.filter((name) => name.endsWith(`-${alarm}`)),
        watch.id,
      ).toHaveLength(1);
  }
});
