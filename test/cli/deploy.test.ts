// `strongroom deploy`: the order, the two ways in which a locked stage is deployed, where it stops, and that nothing happens before
// it is confirmed.

import { beforeAll, describe, expect, it } from 'vitest';
import { createAws } from '../../cli/aws/client.ts';
import { deployPlan } from '../../cli/deploy/deploy.ts';
import { planLines } from '../../cli/deploy/lines.ts';
import { nextLines } from '../../cli/deploy/next.ts';
import { type Known, minutesFor, type Plan, planOf } from '../../cli/deploy/plan.ts';
import type { StageAssembly } from '../../cli/stage_assembly.ts';
import { type AssembledStack, readAssembly } from '../../lib/cloud_assembly.ts';
import { assembly } from '../kit/run.ts';
import { type Answers, readyAccount, refused, startAwsStub } from './aws_stub.ts';
import { runToEnd, tooWide } from './command_run.ts';

let folder: string;
let production: readonly AssembledStack[];
let development: readonly AssembledStack[];
beforeAll(async () => {
  folder = await assembly();
  const all = readAssembly(folder);
  production = all.filter(({ group }) => group === 'production-us');
  development = all.filter(({ group }) => group === 'development-us');
});

const nothing: Known = { deployed: new Map(), protected: new Set() };
const everything = (stacks: readonly AssembledStack[]): Known => ({
  deployed: new Map(
    [...Map.groupBy(stacks, ({ region }) => region)].map(([region, there]) => [
      region,
      new Map(there.map(({ name }) => [name, 'UPDATE_COMPLETE'])),
    ]),
  ),
  protected: new Set(stacks.filter(({ terminationProtection }) => terminationProtection).map(({ id }) => id)),
});
const plan = (stacks: readonly AssembledStack[], known: Known): Plan => planOf('any', '111111111111', stacks, known);

interface Run {
  readonly calls: readonly (readonly string[])[];
  readonly assembled: readonly string[];
  readonly error: Error | null;
}

/** Deploys with a CDK CLI that fails at one stack, or at none. */
async function run(of: Plan, failing?: string, yes = false): Promise<Run> {
  const calls: (readonly string[])[] = [];
  const assembled: string[] = [];
  const error = await deployPlan(
    of,
    {
      cdk: async (args) => {
        calls.push(args);
        return args.at(-1) === failing ? 1 : 0;
      },
      say: () => undefined,
      assemble: async (what) => {
        assembled.push(what);
        return { folder: what } as StageAssembly;
      },
    },
    { yes },
  ).then(
    () => null,
    (thrown: Error) => thrown,
  );
  return { calls, assembled, error };
}
const optionOf = (args: readonly string[] | undefined, option: string) => args?.[args.indexOf(option) + 1];

describe('a stage that can be deleted', () => {
  it('is deployed once, each stack by itself and after those that it depends on', async () => {
    const { calls, assembled, error } = await run(plan(development, nothing));
    expect(error).toBeNull();
    expect(assembled).toEqual(['as it is']);
    const order = calls.map((args) => args.at(-1));
    expect(order).toEqual(development.map(({ id }) => id));
    for (const { id, after: before } of development)
      for (const other of before) expect(order.indexOf(other)).toBeLessThan(order.indexOf(id));
    for (const args of calls)
      expect(args).toEqual(expect.arrayContaining(['deploy', '--exclusively', '--app', 'as it is']));
  });

  it('stops at the first stack that fails, and says how to go on', async () => {
    const failing = development[2]?.id ?? '';
    const { calls, error } = await run(plan(development, nothing), failing);
    expect(calls).toHaveLength(3);
    expect(error?.message).toContain(`${failing} was not deployed`);
    expect(error?.message).toContain(`The ${development.length - 3} stacks behind it were left as they are`);
    expect(error?.message).toContain('npm run strongroom -- deploy any');
  });
});

describe('a locked stage', () => {
  it('is made without protection and deployed again with it', async () => {
    const { calls, assembled } = await run(plan(production, nothing));
    expect(assembled).toEqual(['to make', 'as it is']);
    expect(calls.map((args) => optionOf(args, '--app'))).toEqual([
      ...production.map(() => 'to make'),
      ...production.map(() => 'as it is'),
    ]);
  });

  it('is not protected while one of its stacks could not be made', async () => {
    const { assembled, error } = await run(plan(production, nothing), production.at(-1)?.id);
    expect(assembled).toEqual(['to make']);
    expect(error?.message).toContain('was not deployed');
  });

  it('never loses its protection: once one stack has it, nothing is deployed without', async () => {
    const first = production.slice(0, 1);
    const { assembled } = await run(plan(production, everything(first)));
    expect(assembled).toEqual(['as it is']);
  });

  it('whose second zone is new has that zone alone made without protection', async () => {
    const eu = readAssembly(folder).filter(({ group }) => group === 'production-eu');
    const { calls } = await run(plan([...production, ...eu], everything(production)));
    const made = calls.filter((args) => optionOf(args, '--app') === 'to make').map((args) => args.at(-1));
    expect(made).toEqual(eu.map(({ id }) => id));
  });
});

describe('new code of functions that answer requests', () => {
  const textOf = (of: Plan) => planLines(of, { dollars: 1, mostDollars: 1 }).join(' ').replaceAll(/\s+/g, ' ');
  const without = (stacks: readonly AssembledStack[], lifecycle: string) =>
    everything(stacks.filter(({ id }) => !id.endsWith(`/${lifecycle}`)));

  it('meets some of them first, which takes its time in each region, and is said', async () => {
    const changing = plan(production, everything(production));
    expect(changing.atOnce).toBeUndefined();
    expect((await run(changing)).assembled).toEqual(['as it is']);
    expect(textOf(changing)).toContain('meets some of them for 10 minutes in each region');
    const atOnce = planOf('any', '111111111111', production, everything(production), true);
    expect(minutesFor(changing) - minutesFor(atOnce)).toBe(20);
  });

  it('meets all of them where whoever deploys asks for it', async () => {
    const atOnce = planOf('any', '111111111111', production, everything(production), true);
    expect((await run(atOnce)).assembled).toEqual(['at once']);
    expect(textOf(atOnce)).toContain('All requests meet new code at once, and no alarm takes it back');
  });

  it('meets all of them where its alarms are not there yet, as after a creation that stopped before them', async () => {
    const unwatched = plan(development, without(development, 'watch'));
    expect((await run(unwatched)).assembled).toEqual(['at once']);
    expect(textOf(unwatched)).toContain('the alarms that would take it back are not there yet');
  });

  it('of a locked stage that is made is changed at once until all stands, and gradually from then on', async () => {
    const functionsAlone = everything(production.filter(({ id }) => id === 'production-us/functions'));
    const { assembled } = await run(plan(production, { ...functionsAlone, protected: new Set() }));
    expect(assembled).toEqual(['to make', 'as it is']);
  });

  it('is as it ever was in a sandbox', async () => {
    const sandbox = readAssembly(folder).filter(({ group }) => group === 'sandbox-us');
    const changing = plan(sandbox, everything(sandbox));
    expect(textOf(changing)).not.toContain('new code');
    expect((await run(plan(sandbox, without(sandbox, 'watch')))).assembled).toEqual(['as it is']);
  });
});

describe('what is asked about rights', () => {
  it('nothing for what is made, as the plan was confirmed; what is changed where it widens them', async () => {
    const of = (calls: Run['calls']) => new Set(calls.map((args) => optionOf(args, '--require-approval')));
    expect(of((await run(plan(development, nothing))).calls)).toEqual(new Set(['never']));
    expect(of((await run(plan(development, everything(development)))).calls)).toEqual(new Set(['broadening']));
    expect(of((await run(plan(development, everything(development)), undefined, true)).calls)).toEqual(
      new Set(['never']),
    );
  });
});

describe('the plan', () => {
  it('says for each stack whether it is made, in 80 columns', () => {
    const text = planLines(plan(production, everything(production.slice(0, 2))), {
      dollars: 169,
      mostDollars: 186,
    }).join('\n');
    expect(text.match(/changed if needed/g)).toHaveLength(2);
    expect(text.match(/ made$/gm)).toHaveLength(production.length - 2);
    expect(text).toContain('$169.00 a month at first, $186.00 at most');
    expect(tooWide(text)).toEqual([]);
  });

  it('takes a creation that was rolled back for one that never was', () => {
    const [first] = development;
    const deployed = new Map([['us-east-1', new Map([[first?.name ?? '', 'ROLLBACK_COMPLETE']])]]);
    expect(plan(development, { ...nothing, deployed }).steps[0]?.makes).toBe(true);
  });

  it('takes longer for what is made than for what is changed', () => {
    expect(minutesFor(plan(development, nothing))).toBeGreaterThan(
      minutesFor(plan(development, everything(development))),
    );
    expect(minutesFor(plan(production, nothing))).toBeGreaterThan(minutesFor(plan(development, nothing)));
  });
});

describe('what to do next', () => {
  it('says where each zone answers in each region, and how its first operator is made', async () => {
    const stub = await startAwsStub({
      'cloudformation DescribeStacks': ({ region }) =>
        `<member><OutputKey>apiEndpoint9</OutputKey><OutputValue>https://x.execute-api.${region}.amazonaws.com/api/</OutputValue></member>`,
    });
    try {
      const aws = createAws({ accessKeyId: 'AKIA', secretAccessKey: 'secret' }, stub.endpoint);
      const text = (await nextLines(aws, { stage: 'production', folder, stacks: production, account: [] })).join('\n');
      expect(text).toContain('us: https://x.execute-api.us-east-1.amazonaws.com/api/v1');
      expect(text).toContain('Second region us-west-2: https://x.execute-api.us-west-2.amazonaws.com');
      expect(text.replaceAll(/\s+/g, ' ')).toContain('operator create --stage production --zone us --name');
      expect(tooWide(text)).toEqual([]);
    } finally {
      await stub.close();
    }
  });

  it('says where to look where AWS does not answer', async () => {
    const stub = await startAwsStub({});
    const aws = createAws({ accessKeyId: 'AKIA', secretAccessKey: 'secret' }, stub.endpoint);
    const text = (await nextLines(aws, { stage: 'development', folder, stacks: development, account: [] })).join('\n');
    await stub.close();
    expect(text).toContain('us: see the outputs of its stack api');
  });
});

describe('the command', () => {
  const deploy = async (args: readonly string[], answers: Answers, typed = '') => {
    const stub = await startAwsStub({ ...readyAccount, ...answers });
    const environment = {
      AWS_ACCESS_KEY_ID: 'AKIA',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_REGION: 'us-east-1',
      STRONGROOM_ENDPOINT: stub.endpoint,
      // The CDK CLI's own way to another endpoint.
      AWS_ENDPOINT_URL: stub.endpoint,
    };
    try {
      const ended = await runToEnd(['deploy', ...args, '--assembly', folder], { environment, typed });
      return { ...ended, asked: stub.asked.map(({ service, what }) => `${service} ${what}`) };
    } finally {
      await stub.close();
    }
  };
  const changes = /Create|Update|Delete|Execute|Put/;

  it('deploys nothing without credentials', async () => {
    const { code, errors } = await runToEnd(['deploy', 'development', '--assembly', folder]);
    expect([code, errors.trim()]).toEqual([1, 'There are no AWS credentials: set AWS_PROFILE. See docs/deploying.md.']);
  });

  it('deploys nothing where the doctor finds something wrong, even with --yes', async () => {
    const { code, output, errors, asked } = await deploy(['development', '--yes'], {
      'ssm GetParameter': refused('ParameterNotFound'),
    });
    expect(code).toBe(1);
    expect(output).toContain('npx cdk bootstrap');
    expect(errors).toContain('Nothing was deployed');
    expect(asked.filter((each) => changes.test(each))).toEqual([]);
  });

  it.each(['', 'no\n', 'y\n', 'Yes please\n'])('deploys nothing where %j is typed', async (typed) => {
    const { code, output, errors, asked } = await deploy(['development', '--zone', 'us'], {}, typed);
    expect(output).toContain('Deploys development to account 111111111111');
    expect([code, errors.trim()]).toEqual([1, 'Nothing was deployed.']);
    expect(asked.filter((each) => changes.test(each))).toEqual([]);
  });

  it('hands over to the CDK CLI once it is confirmed, and stops where that fails', async () => {
    const { code, output, errors, asked } = await deploy(['development', '--zone', 'us'], {}, 'yes\n');
    expect(code).toBe(1);
    expect(output).toContain('1 of ');
    expect(errors).toMatch(/account-us-east-1 was not deployed/);
    // The stub lets nobody assume a role, and the CDK CLI gets no further.
    expect(asked).toContain('sts AssumeRole');
  });

  it('refuses a zone that the stage does not have, and to make a locked stage from a finished assembly', async () => {
    expect((await deploy(['development', '--zone', 'mars'], {})).errors).toMatch(/no zone mars, but us, eu/);
    expect((await deploy(['production', '--yes'], {})).errors).toMatch(/locked and new.*Leave out --assembly/);
    const atOnce = await deploy(['development', '--at-once', '--yes'], {});
    expect(atOnce.errors).toMatch(/at once by a synthesis of its own. Leave out --assembly/);
    expect(atOnce.asked.filter((each) => changes.test(each))).toEqual([]);
  });

  it('ends with one sentence where AWS does not say who the credentials are', async () => {
    const { code, errors } = await deploy(['development'], { 'sts GetCallerIdentity': '<html>' });
    expect(code).toBe(1);
    expect(errors).toMatch(/^AWS gave no answer \(STS names no account\): nothing was done/);
  });
});
