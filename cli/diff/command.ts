// `strongroom diff STAGE`: what a deployment of the stage would change, against what is deployed or another cloud assembly. It ends
// with 2 where something that holds data would be lost.

import { readAssembly } from '../../lib/cloud_assembly.ts';
import config from '../../strongroom.config.ts';
import { type Aws, AwsFailure } from '../aws/client.ts';
import { signedIn } from '../aws/credentials.ts';
import { deployedTemplate, describeStack } from '../aws/stacks.ts';
import { type Command, help, readOptions, Usage } from '../command_line.ts';
import { assembleStage, requireStage, type StageAssembly, stageIn } from '../stage_assembly.ts';
import { differencesOf, type StackState } from './differences.ts';
import { differenceLines, verdictOf } from './lines.ts';

const usage = `Shows what a deployment of a stage would change, the gravest first: what would
be lost, who may do more, what opens, what protects or watches less, what it
costs, and then the rest, counted.

  strongroom diff STAGE [--against DIR] [options]
      Compares the synthesized stage with the templates that are deployed, which
      needs AWS credentials that may read them, or with another cloud assembly.

Ends with 2 if what holds data, a key or a published address would be replaced
or deleted; with 1 if it could not compare; with 0 otherwise.

Options
  --against DIR    another cloud assembly, such as that of the last release
  --assembly DIR   uses this cloud assembly instead of synthesizing
  --all            every line of each kind
  --json           for programs
  -h, --help       this text
`;

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;
/** For whoever runs it in a pipeline: nothing else ends with it. */
const lossCode = 2;

export const diffCommand: Command = async (args) => {
  const { values, positionals } = readOptions('strongroom diff', args, {
    ...{ against: text, assembly: text, all: flag, json: flag, help },
  });
  const [stage, ...more] = positionals;
  if (values.help || stage === undefined) return console.log(usage);
  if (more.length > 0) throw new Usage(`Unknown word: ${more[0]}. See strongroom diff --help.`);
  requireStage(config, stage, { folder: values.assembly });
  const source = values.against === undefined ? await signedIn() : stageIn(readable(values.against), stage);
  const assembly = await assembleStage(stage, values.assembly);
  const before = 'stacks' in source ? source.stacks : await deployedStacks(source, assembly);
  const differences = differencesOf(before, assembly.stacks);
  if (values.json) console.log(JSON.stringify(differences));
  else if (before.length === 0)
    console.log(`Nothing of ${stage} is deployed: all ${assembly.stacks.length} stacks are new.`);
  else console.log(differenceLines(differences, values.all).join('\n'));
  const verdict = verdictOf(differences);
  if (verdict === null) return;
  console.error(`\n${verdict}`);
  process.exitCode = lossCode;
};

function readable(folder: string): string {
  try {
    readAssembly(folder);
  } catch {
    throw new Usage(`There is no cloud assembly in ${folder}.`);
  }
  return folder;
}

/** The stacks that are deployed. One that can't be read is no stack that isn't there: then nothing is compared. */
async function deployedStacks(aws: Aws, { stacks }: StageAssembly): Promise<StackState[]> {
  const found = await Promise.all(
    stacks.map(async ({ id, name, region }): Promise<StackState[]> => {
      const [template, described] = await Promise.all([
        deployedTemplate(aws, region, name),
        describeStack(aws, region, name),
      ]).catch((thrown: unknown) => {
        if (thrown instanceof AwsFailure)
          throw new Usage(`${id} can't be read (${thrown.message}): nothing was compared.`);
        throw thrown;
      });
      return template === null ? [] : [{ id, region, template, terminationProtection: described?.protected === true }];
    }),
  );
  return found.flat();
}
