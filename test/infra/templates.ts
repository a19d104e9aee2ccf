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

/** The stacks of a zone in its home region, in the order in which they are deployed. */
export const stackNames = ['keys', 'secrets', 'network', 'data', 'relay', 'edge', 'functions', 'api', 'watch'] as const;
export type StackName = (typeof stackNames)[number];

/** Those of a second region: its secrets are copies that the home's make. */
export const secondStackNames = stackNames.filter((name) => name !== 'secrets');
export type Stacks = Readonly<Record<StackName, Template>>;

export interface Zone extends Stacks {
  readonly stage: string;
  readonly zone: ZoneName;
  /** The stacks of its second region. Absent: the stage runs one region. */
  readonly second: Stacks | undefined;
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
      const stacks = (names: readonly StackName[], prefix: string): Stacks =>
        Object.fromEntries(
          names.map((stack) => {
            if (stage === 'sandbox' && notInSandbox.includes(stack)) return [stack, { Resources: {}, Parameters: {} }];
            const start = new RegExp(`^${stage}${zone}${prefix}${stack}[0-9A-F]{8}\\.template\\.json$`);
            const file = files.find((name) => start.test(name)) ?? `no ${prefix}${stack} template`;
            return [stack, JSON.parse(readFileSync(join(outdir, folder, file), 'utf8'))];
          }),
        ) as unknown as Stacks;
      const hasSecond = files.some((name) => name.startsWith(`${stage}${zone}second`));
      return {
        stage,
        zone: zone as ZoneName,
        ...stacks(stackNames, ''),
        second: hasSecond ? stacks(secondStackNames, 'second') : undefined,
      };
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
