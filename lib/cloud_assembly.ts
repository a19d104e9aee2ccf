// Reads back the cloud assembly that synthesis wrote: its stacks in the order in which they can be deployed.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Template } from './template.ts';

export interface AssembledStack {
  /** By which the CDK CLI calls it: `production-us/keys`. */
  readonly id: string;
  /** In CloudFormation. */
  readonly name: string;
  /** The assembly that it stands in: `production-us`. */
  readonly group: string;
  /** Null: that of the credentials. */
  readonly account: string | null;
  readonly region: string;
  readonly terminationProtection: boolean;
  /** The ids of stacks that are deployed before it. */
  readonly after: readonly string[];
  /** The version that the account's bootstrap needs at least. */
  readonly bootstrapVersion: number;
  readonly template: Template;
}

interface Artifact {
  readonly type: string;
  readonly environment?: string;
  readonly displayName?: string;
  readonly dependencies?: readonly string[];
  readonly properties?: {
    readonly directoryName?: string;
    readonly displayName?: string;
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly terminationProtection?: boolean;
    readonly requiresBootstrapStackVersion?: number;
  };
}

const json = (...path: string[]) => JSON.parse(readFileSync(join(...path), 'utf8'));

export const isAssembly = (folder: string): boolean => existsSync(join(folder, 'manifest.json'));

/** Throws where the folder holds no cloud assembly. */
export function readAssembly(folder: string, group = ''): AssembledStack[] {
  const artifacts: Readonly<Record<string, Artifact>> = json(folder, 'manifest.json').artifacts ?? {};
  const displayName = (id: string): string => artifacts[id]?.displayName ?? id;
  const stacks = Object.entries(artifacts).flatMap(
    ([id, { type, environment = '', dependencies = [], properties }]) => {
      if (type === 'cdk:cloud-assembly')
        return readAssembly(join(folder, properties?.directoryName ?? ''), properties?.displayName ?? id);
      if (type !== 'aws:cloudformation:stack') return [];
      const [account = '', region = ''] = environment.replace('aws://', '').split('/');
      return [
        {
          id: displayName(id),
          name: properties?.stackName ?? id,
          group,
          account: /^\d{12}$/.test(account) ? account : null,
          region,
          terminationProtection: properties?.terminationProtection === true,
          after: dependencies.filter((other) => artifacts[other]?.type === 'aws:cloudformation:stack').map(displayName),
          bootstrapVersion: properties?.requiresBootstrapStackVersion ?? 0,
          template: json(folder, properties?.templateFile ?? ''),
        },
      ];
    },
  );
  return inOrder(stacks);
}

/** Each stack after those that it depends on; otherwise as they stand. */
function inOrder(stacks: readonly AssembledStack[]): AssembledStack[] {
  const done = new Map<string, AssembledStack>();
  const add = (stack: AssembledStack): void => {
    if (done.has(stack.id)) return;
    for (const id of stack.after) {
      const other = stacks.find((each) => each.id === id);
      if (other !== undefined) add(other);
    }
    done.set(stack.id, stack);
  };
  for (const stack of stacks) add(stack);
  return [...done.values()];
}
