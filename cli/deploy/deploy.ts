// Deploys a plan with the project's CDK CLI, one stack after the other, and stops at the first that fails.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Usage } from '../command_line.ts';
import type { StageAssembly } from '../stage_assembly.ts';
import { wrap } from '../terminal.ts';
import { type Plan, type Step, stepsToMake } from './plan.ts';
import { rollbackArguments } from './rollback.ts';

const root = join(import.meta.dirname, '..', '..');

export type Assembled = 'to make' | 'as it is' | 'at once';

export interface Ports {
  /** Runs the CDK CLI; its exit code. */
  cdk(args: readonly string[]): Promise<number>;
  say(line: string): void;
  /** Synthesizes the stage: as it is made, as it is, or as it is changed at once. */
  assemble(what: Assembled): Promise<StageAssembly>;
}

/** What it prints goes to this terminal, and it may ask there. */
export async function runCdk(args: readonly string[]): Promise<number> {
  const env = { ...process.env, CDK_DISABLE_CLI_TELEMETRY: 'true' };
  const child = spawn(process.execPath, ['node_modules/aws-cdk/bin/cdk', ...args], {
    cwd: root,
    env,
    stdio: 'inherit',
  });
  const [code] = await once(child, 'close');
  return typeof code === 'number' ? code : 1;
}

/** Whoever confirmed the plan confirmed all that is made; what is changed, the CDK CLI asks about where it widens rights. */
const approval = ({ makes }: Step, yes: boolean): string => (makes || yes ? 'never' : 'broadening');

/** Of the stacks, the one by one; the first that fails ends it. */
async function deployAll(
  steps: readonly Step[],
  folder: string,
  { cdk, say }: Ports,
  { plan, yes }: { plan: Plan; yes: boolean },
) {
  for (const [at, step] of steps.entries()) {
    const { id } = step.stack;
    say(`\n${at + 1} of ${steps.length}: ${id}`);
    const args = [
      'deploy',
      '--app',
      folder,
      '--exclusively',
      '--progress',
      'events',
      '--require-approval',
      approval(step, yes),
      ...rollbackArguments(plan, step),
      id,
    ];
    if ((await cdk(args)) !== 0) throw new Usage(failureText(plan.stage, id, steps.slice(at + 1).length));
  }
}

const failureText = (stage: string, id: string, left: number): string =>
  [
    wrap(`${id} was not deployed; what CloudFormation says of it stands above.`),
    left === 0 ? 'All others stand.' : `The ${left} stacks behind it were left as they are.`,
    wrap('A first creation that fails is rolled back, and so is a change that fails: nothing stays half done.'),
    'Put right what it says, and run the same command again:',
    `  npm run strongroom -- deploy ${stage}`,
  ].join('\n');

/** Resolves when everything stands. Throws a Usage that says how to go on where a stack could not be deployed. */
export async function deployPlan(plan: Plan, ports: Ports, { yes }: { readonly yes: boolean }): Promise<void> {
  const options = { plan, yes };
  const made = plan.protectsLater.length > 0 ? stepsToMake(plan) : [];
  if (made.length > 0) {
    const { folder } = await ports.assemble('to make');
    await deployAll(made, folder, ports, options);
    ports.say('\nEverything new stands. Now it is protected from deletion.');
  }
  const { folder } = await ports.assemble(plan.atOnce === undefined ? 'as it is' : 'at once');
  // What was confirmed to be made is not asked about when it is protected.
  const steps = plan.steps.map((step) => (made.includes(step) ? { ...step, makes: true } : step));
  await deployAll(steps, folder, ports, options);
}
