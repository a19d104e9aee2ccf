// Deletes stacks with the project's CDK CLI, each before those that it depends on, and stops at the first that can't be deleted.

import { Usage } from '../command_line.ts';
import type { Ports } from '../deploy/deploy.ts';
import { wrap } from '../terminal.ts';
import type { DeployedStack } from './locks.ts';

export interface Destroying extends Pick<Ports, 'cdk' | 'say'> {
  /** Whether CloudFormation no longer has the stack: the CDK CLI says so of one that it could not look at, too. */
  isGone(stack: DeployedStack): Promise<boolean>;
}

/** `stacks`: in the order in which they are deployed. */
export async function destroyStacks(
  stage: string,
  stacks: readonly DeployedStack[],
  folder: string,
  { cdk, say, isGone }: Destroying,
): Promise<void> {
  const order = stacks.toReversed();
  for (const [at, stack] of order.entries()) {
    const { id } = stack;
    say(`\n${at + 1} of ${order.length}: ${id}`);
    if ((await cdk(['destroy', '--app', folder, '--exclusively', '--force', id])) === 0 && (await isGone(stack)))
      continue;
    throw new Usage(
      [
        wrap(`${id} was not deleted; what CloudFormation says of it stands above.`),
        `${at} of ${order.length} stacks are gone. Put right what it says, and run it again:`,
        `  npm run strongroom -- destroy ${stage}`,
      ].join('\n'),
    );
  }
}
