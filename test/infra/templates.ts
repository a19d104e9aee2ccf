// Reads back what synthesis wrote: tests look at templates, as AWS will, never at constructs. The reference configuration is
// synthesized once for all of them (test/kit/global_setup.ts).

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ZoneName } from '../../contract/kernel/zones.ts';
import { assembly } from '../kit/run.ts';

export interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is whatever CloudFormation takes
  readonly Properties: any;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Parameters: Readonly<Record<string, { readonly Default: string }>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>;
}

/** The stacks of a zone, in the order in which they are deployed. */
export const stackNames = ['keys', 'network', 'data', 'relay', 'edge', 'functions', 'api', 'watch'] as const;
export type StackName = (typeof stackNames)[number];

export interface Zone extends Readonly<Record<StackName, Template>> {
  readonly stage: string;
  readonly zone: ZoneName;
}

export interface Synthesized {
  readonly outdir: string;
  /** Of the profile of production. */
  readonly zones: readonly Zone[];
  /** The zone of the sandbox, in which the stacks that it goes without are empty. */
  readonly sandbox: Zone;
  readonly every: readonly Zone[];
}

/** Stacks that a sandbox goes without. */
export const notInSandbox: readonly StackName[] = ['network', 'edge'];

export const readZones = (outdir: string): Zone[] =>
  readdirSync(outdir)
    .filter((name) => name.startsWith('assembly-'))
    .map((folder) => {
      const files = readdirSync(join(outdir, folder));
      const [, stage = '', zone = ''] = folder.split('-');
      const template = (stack: string): Template => {
        const file = files.find(
          (name) => name.startsWith(`${stage}${zone}${stack}`) && name.endsWith('.template.json'),
        );
        return JSON.parse(readFileSync(join(outdir, folder, file ?? `no ${stack} template`), 'utf8'));
      };
      const absent = (name: StackName): boolean => stage === 'sandbox' && notInSandbox.includes(name);
      const empty: Template = { Resources: {}, Parameters: {} };
      const stacks = Object.fromEntries(
        stackNames.map((name) => [name, absent(name) ? empty : template(name)]),
      ) as Record<StackName, Template>;
      return { stage, zone: zone as ZoneName, ...stacks };
    });

/** Waits until this run has synthesized. */
export const cdkOut = await assembly();
export function synthesized(): Synthesized {
  const every = readZones(cdkOut);
  const isSandbox = ({ stage }: Zone): boolean => stage === 'sandbox';
  return {
    outdir: cdkOut,
    zones: every.filter((zone) => !isSandbox(zone)),
    sandbox: only(every.filter(isSandbox)),
    every,
  };
}

/** DeletionPolicy and UpdateReplacePolicy of what holds data, or is an address that others know. */
export const removal = ({ stage }: Zone): readonly string[] =>
  stage === 'development' ? ['Delete', 'Delete'] : ['RetainExceptOnCreate', 'Retain'];
export const policiesOf = ({ DeletionPolicy, UpdateReplacePolicy }: Resource): readonly (string | undefined)[] => [
  DeletionPolicy,
  UpdateReplacePolicy,
];

export const ofType = (template: Template, type: string): [string, Resource][] =>
  Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);

/** The values of an object of which there is exactly one. */
export const only = <T>(values: readonly T[]): T => {
  const [value] = values;
  if (values.length !== 1 || value === undefined) throw new Error(`expected one, found ${values.length}`);
  return value;
};
