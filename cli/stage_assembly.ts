// The synthesized stacks of a stage: of cdk.out, which is synthesized first, or of a folder that holds a cloud assembly already.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { type AssembledStack, isAssembly, readAssembly } from '../lib/cloud_assembly.ts';
import type { Config } from '../lib/config.ts';
import { Usage } from './command_line.ts';

const root = join(import.meta.dirname, '..');

export interface StageAssembly {
  readonly stage: string;
  readonly folder: string;
  /** In the order in which they are deployed. */
  readonly stacks: readonly AssembledStack[];
  /** What an account has once for each region, whatever its stages: deployed before them, and never deleted with one. */
  readonly account: readonly AssembledStack[];
}

/** Zone -> its stacks, of all its regions. */
export const byZone = (stacks: readonly AssembledStack[]): Map<string, AssembledStack[]> =>
  Map.groupBy(stacks, ({ group }) => group.slice(group.indexOf('-') + 1));

const stageOf = ({ group }: AssembledStack): string => group.slice(0, group.indexOf('-'));

/**
 * Throws a Usage where there is no such stage or zone: before a synthesis, and before somebody looks for credentials. `folder`: a cloud
 * assembly, which may be of another configuration than `stages`.
 */
export function requireStage(
  { stages }: Pick<Config, 'stages'>,
  stage: string,
  { folder, zone }: { readonly folder?: string | undefined; readonly zone?: string | undefined } = {},
): void {
  const groups =
    folder === undefined
      ? Object.entries(stages).flatMap(([name, { zones }]) => Object.keys(zones).map((each) => `${name}-${each}`))
      : stageIn(existing(resolve(folder)), stage).stacks.map(({ group }) => group);
  const named = (group: string): readonly [string, string] => {
    const dash = group.indexOf('-');
    return [group.slice(0, dash), group.slice(dash + 1)];
  };
  const places = groups.map(named);
  const zones = [...new Set(places.filter(([name]) => name === stage).map(([, each]) => each))];
  if (zones.length === 0) throw noStage(stage, new Set(places.map(([name]) => name)));
  if (zone !== undefined && !zones.includes(zone)) throw noZone(stage, zone, zones);
}

const noStage = (stage: string, stages: ReadonlySet<string>): Usage =>
  new Usage(`There is no stage ${stage}, but ${[...stages].join(', ')}.`);
const noZone = (stage: string, zone: string, zones: readonly string[]): Usage =>
  new Usage(`Stage ${stage} has no zone ${zone}, but ${zones.join(', ')}.`);

/** `folder`: a cloud assembly that is used as it is. Throws a Usage where there is none, or it has no such stage. */
export async function assembleStage(stage: string, folder?: string): Promise<StageAssembly> {
  const from = await assemblyIn(folder);
  return stageIn(from, stage);
}

/** As it is made: what is protected once it stands can still be taken back. */
export const assembleNewStage = async (stage: string): Promise<StageAssembly> =>
  stageIn(await synthesizeTo(join(root, 'cdk.out'), { STRONGROOM_CREATE: stage }), stage);

/** With functions that are changed at once, for all requests. */
export const assembleAtOnce = async (stage: string): Promise<StageAssembly> =>
  stageIn(await synthesizeTo(join(root, 'cdk.out'), { STRONGROOM_AT_ONCE: stage }), stage);

/** Of a folder that holds a cloud assembly. */
export function stageIn(folder: string, stage: string): StageAssembly {
  const all = readAssembly(folder);
  const stacks = stacksOf(stage, all);
  return {
    stage,
    folder,
    stacks,
    account: sharedWith(
      stacks,
      all.filter(({ group }) => group === ''),
    ),
  };
}

const placeOf = ({ account, region }: AssembledStack): string => `${account ?? ''}/${region}`;

/** Of the accounts' own stacks, those that stand beside stacks of a stage. */
function sharedWith(stacks: readonly AssembledStack[], shared: readonly AssembledStack[]): AssembledStack[] {
  const places = new Set(stacks.map(placeOf));
  return shared.filter((stack) => places.has(placeOf(stack)));
}

/** The stacks of one stage, or of all, with what their accounts have once. */
export async function assembleStages(stage: string | undefined, folder?: string): Promise<readonly AssembledStack[]> {
  const from = await assemblyIn(folder);
  if (stage === undefined) return readAssembly(from);
  const { account, stacks } = stageIn(from, stage);
  return [...account, ...stacks];
}

async function assemblyIn(folder: string | undefined): Promise<string> {
  return existing(folder === undefined ? await synthesizeTo(join(root, 'cdk.out')) : resolve(folder));
}

function existing(folder: string): string {
  if (!isAssembly(folder)) throw new Usage(`There is no cloud assembly in ${folder}. npm run synth writes one.`);
  return folder;
}

function stacksOf(stage: string, all: readonly AssembledStack[]): AssembledStack[] {
  const stacks = all.filter((stack) => stageOf(stack) === stage);
  if (stacks.length > 0) return stacks;
  const stages = new Set(all.map(stageOf).filter((name) => name !== ''));
  throw noStage(stage, stages);
}

/** As the CDK CLI would, in a process of its own; what it says goes to standard error. */
async function synthesizeTo(outdir: string, more: Readonly<Record<string, string>> = {}): Promise<string> {
  const { STRONGROOM_CREATE: _create, STRONGROOM_AT_ONCE: _atOnce, ...environment } = process.env;
  const env = { ...environment, ...more, CDK_OUTDIR: outdir };
  const child = spawn(process.execPath, ['bin/app.ts'], { cwd: root, env, stdio: ['ignore', 2, 2] });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Usage('The synthesis failed, as it says above: nothing else was done.');
  return outdir;
}

/** The stacks that credentials of an account can deploy. Throws a Usage where there are none. */
export function within(assembly: StageAssembly, account: string, zone: string | undefined): StageAssembly {
  const zones = [...new Set(assembly.stacks.map(({ group }) => group.slice(assembly.stage.length + 1)))];
  if (zone !== undefined && !zones.includes(zone)) throw noZone(assembly.stage, zone, zones);
  const asked = assembly.stacks.filter(({ group }) => zone === undefined || group === `${assembly.stage}-${zone}`);
  const stacks = asked.filter((stack) => stack.account === null || stack.account === account);
  const [foreign] = asked.filter((stack) => !stacks.includes(stack));
  if (stacks.length === 0)
    throw new Usage(`The credentials are of account ${account}, and ${foreign?.group} belongs to ${foreign?.account}.`);
  return { ...assembly, stacks, account: sharedWith(stacks, assembly.account) };
}
