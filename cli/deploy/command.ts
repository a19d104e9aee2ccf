// `strongroom deploy STAGE`: says what it will do, looks whether the account is ready, asks, and has the CDK CLI do it in the right
// order. It knows nothing that `cdk deploy` could not do by hand; docs/deploying.md shows both.

import { usualMix } from '../../lib/costs/requests.ts';
import config from '../../strongroom.config.ts';
import type { Aws } from '../aws/client.ts';
import { plainFailure, signedIn } from '../aws/credentials.ts';
import { describeStack, stacksIn } from '../aws/stacks.ts';
import { type Command, help, readOptions, Usage } from '../command_line.ts';
import { costOf, stageTotal } from '../cost/cost.ts';
import { accountOf } from '../doctor/account_checks.ts';
import { findingLines, summaryOf } from '../doctor/lines.ts';
import { stageChecks } from '../doctor/stage_checks.ts';
import {
  assembleAtOnce,
  assembleNewStage,
  assembleStage,
  requireStage,
  type StageAssembly,
  within,
} from '../stage_assembly.ts';
import { ask } from '../terminal.ts';
import { type Assembled, deployPlan, runCdk } from './deploy.ts';
import { planLines } from './lines.ts';
import { nextLines } from './next.ts';
import { type Known, type Plan, planOf } from './plan.ts';

const usage = `Deploys a stage to AWS with the project's CDK CLI.

  strongroom deploy STAGE [--zone ZONE] [--at-once] [--yes]
      Synthesizes, looks at the account as strongroom doctor does, prints what
      it will do with the time and the cost a month, asks, and deploys one stack
      after the other. It stops at the first that fails; the same command goes
      on from there. A locked stage is made without protection from deletion and
      protected once it stands.

Options
  --zone ZONE    one zone of the stage (default: those of this account)
  --assembly DIR deploys this cloud assembly instead of synthesizing; a locked
                 stage can be changed so, and not made
  --at-once      all requests meet new code at once, and no alarm takes it back:
                 for a release that puts right what fails, or that goes back
  --yes          does not ask, neither here nor where a change widens rights
  -h, --help     this text

Stages of strongroom.config.ts: ${Object.keys(config.stages).join(', ')}

Environment
  AWS_PROFILE, AWS_ACCESS_KEY_ID …  as for every AWS tool; they may assume the
                                    roles that cdk bootstrap makes
`;

export const deployCommand: Command = async (args) => {
  const { values, positionals } = readOptions('strongroom deploy', args, {
    zone: { type: 'string' },
    assembly: { type: 'string' },
    'at-once': { type: 'boolean', default: false },
    yes: { type: 'boolean', default: false },
    help,
  });
  const [stage, ...more] = positionals;
  if (values.help || stage === undefined) return console.log(usage);
  if (more.length > 0) throw new Usage(`Unknown word: ${more[0]}. See strongroom deploy --help.`);
  requireStage(config, stage, { folder: values.assembly, zone: values.zone });
  const aws = await signedIn();
  const assembly = await assembleStage(stage, values.assembly);
  const account = await accountOf(aws).catch(plainFailure);
  const own = within(assembly, account, values.zone);
  await requireReady(aws, own);
  const known = await knownOf(aws, own).catch(plainFailure);
  const plan = planOf(stage, account, [...own.account, ...own.stacks], known, values['at-once']);
  if (values.assembly !== undefined) requireNoOwnSynthesis(plan);
  console.log(planLines(plan, stageTotal(costOf(own, usualMix))).join('\n'));
  if (!values.yes && (await ask('Deploy? Type yes: ')).trim() !== 'yes') throw new Usage('Nothing was deployed.');
  const assemble = (what: Assembled): Promise<StageAssembly> =>
    ({
      'to make': () => assembleNewStage(stage),
      'as it is': () => assembleStage(stage, values.assembly),
      'at once': () => assembleAtOnce(stage),
    })[what]();
  await deployPlan(plan, { cdk: runCdk, say: console.log, assemble }, { yes: values.yes });
  console.log((await nextLines(aws, own)).join('\n'));
};

function requireNoOwnSynthesis({ protectsLater, atOnce }: Plan): void {
  if (protectsLater.length > 0)
    throw new Usage(
      `${protectsLater.join(', ')} is locked and new: it is made from a synthesis of its own. Leave out --assembly.`,
    );
  if (atOnce !== undefined)
    throw new Usage('Functions are changed at once by a synthesis of its own. Leave out --assembly.');
}

async function requireReady(aws: Aws, { stacks, account }: StageAssembly): Promise<void> {
  const findings = await stageChecks(aws, [...account, ...stacks]);
  const notable = findings.filter(({ verdict }) => verdict !== 'ok');
  if (notable.length > 0) console.log([...findingLines(notable), '', summaryOf(findings), ''].join('\n'));
  if (findings.some(({ verdict }) => verdict === 'wrong'))
    throw new Usage('Nothing was deployed: put right what is wrong, as strongroom doctor says.');
}

async function knownOf(aws: Aws, { stacks }: StageAssembly): Promise<Known> {
  const regions = [...new Set(stacks.map(({ region }) => region))];
  const deployed = new Map(
    await Promise.all(regions.map(async (region) => [region, await stacksIn(aws, region)] as const)),
  );
  const there = stacks.filter(({ name, region }) => deployed.get(region)?.has(name));
  const described = await Promise.all(
    there.map(async ({ id, name, region }) =>
      (await describeStack(aws, region, name))?.protected === true ? [id] : [],
    ),
  );
  return { deployed, protected: new Set(described.flat()) };
}
