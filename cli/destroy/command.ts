// `strongroom destroy STAGE`: deletes a stage that the configuration calls disposable, and refuses one that is locked, with the
// names of its locks.

import config from '../../strongroom.config.ts';
import type { Aws } from '../aws/client.ts';
import { plainFailure, signedIn } from '../aws/credentials.ts';
import { deployedTemplate, describeStack } from '../aws/stacks.ts';
import { type Command, help, readOptions, Usage } from '../command_line.ts';
import { runCdk } from '../deploy/deploy.ts';
import { accountOf } from '../doctor/account_checks.ts';
import { assembleStage, requireStage, within } from '../stage_assembly.ts';
import { ask, paint, wrap } from '../terminal.ts';
import { destroyStacks } from './destroy.ts';
import { type DeployedStack, type Lock, locksOf } from './locks.ts';
import { remainsOf } from './remains.ts';

const usage = `Deletes a stage from AWS, with all that it holds.

  strongroom destroy STAGE [--zone ZONE] [options]
      Shows what would be deleted and what stays, asks for the stage's name, and
      deletes one stack after the other, the last deployed first. A stage whose
      data is 'locked' in strongroom.config.ts is refused, and so is whatever
      AWS protects: each lock is named, with the day on which it ends.

Options
  --zone ZONE      one zone of the stage (default: those of this account)
  --confirm STAGE  the stage's name, where nobody is there to type it
  --assembly DIR   uses this cloud assembly instead of synthesizing
  -h, --help       this text

Environment
  AWS_PROFILE, AWS_ACCESS_KEY_ID …  as for every AWS tool
`;

const text = { type: 'string' } as const;

export const destroyCommand: Command = async (args) => {
  const { values, positionals } = readOptions('strongroom destroy', args, {
    ...{ zone: text, confirm: text, assembly: text, help },
  });
  const [stage, ...more] = positionals;
  if (values.help || stage === undefined) return console.log(usage);
  if (more.length > 0) throw new Usage(`Unknown word: ${more[0]}. See strongroom destroy --help.`);
  requireStage(config, stage, { folder: values.assembly, zone: values.zone });
  const aws = await signedIn();
  const assembly = within(
    await assembleStage(stage, values.assembly),
    await accountOf(aws).catch(plainFailure),
    values.zone,
  );
  const deployed = await deployedOf(aws, assembly.stacks).catch(plainFailure);
  if (deployed.length === 0) return console.log(`Nothing of ${stage} is deployed.`);
  refuseLocked(stage, await locksOf(aws, deployed));
  console.log(planLines(stage, deployed).join('\n'));
  const typed = values.confirm ?? (await ask(`Delete it? Type the stage's name, ${stage}: `));
  if (typed.trim() !== stage) throw new Usage('Nothing was deleted.');
  const isGone = async ({ region, name }: DeployedStack): Promise<boolean> =>
    (await describeStack(aws, region, name)) === null;
  await destroyStacks(stage, deployed, assembly.folder, { cdk: runCdk, say: console.log, isGone });
  console.log(`\n${stage} is gone. What stays:\n${remainLines(deployed).join('\n')}`);
};

type Wanted = Parameters<typeof within>[0]['stacks'];

async function deployedOf(aws: Aws, stacks: Wanted): Promise<DeployedStack[]> {
  const found = await Promise.all(
    stacks.map(async ({ id, name, region }): Promise<DeployedStack[]> => {
      const [template, described] = [await deployedTemplate(aws, region, name), await describeStack(aws, region, name)];
      return template === null ? [] : [{ id, name, region, template, protected: described?.protected === true }];
    }),
  );
  return found.flat();
}

const lockLine = ({ what, until }: Lock): string => `  - ${wrap(`${what}, until ${until}`, 4).slice(4)}`;

function refuseLocked(stage: string, locks: readonly Lock[]): void {
  const locked = config.stages[stage]?.data === 'locked';
  if (!locked && locks.length === 0) return;
  const why = locked
    ? `${stage} is locked in strongroom.config.ts: it holds what must not be lost, and is not deleted by a command.`
    : `${stage} is disposable in strongroom.config.ts, but what is deployed is still protected. Deploy it once as it is configured now.`;
  throw new Usage(
    [
      wrap(`Nothing was deleted. ${why}`),
      ...(locks.length === 0 ? [] : ['Its locks in AWS:']),
      ...locks.map(lockLine),
    ].join('\n'),
  );
}

const remainLines = (deployed: readonly DeployedStack[]): string[] =>
  remainsOf(deployed, new Date()).map((each) => `  - ${wrap(each, 4).slice(4)}`);

const planLines = (stage: string, deployed: readonly DeployedStack[]): string[] => [
  paint('red', `Deletes ${stage} and all that it holds, in this order:`),
  ...deployed.toReversed().map(({ id, region }, at) => `${String(at + 1).padStart(4)}  ${id.padEnd(44)} ${region}`),
  '',
  'What stays:',
  ...remainLines(deployed),
  '',
];
