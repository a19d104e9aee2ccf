// Reads back the cloud assembly that synthesis wrote: the templates as AWS will get them, never constructs, with the path of
// the construct behind each resource.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { plain } from './plain.ts';
import { type Json, nameOf, type Resource, type StackTemplate, secondRegion, type ZoneTemplates } from './template.ts';

export interface StackFile {
  /** `<stage>-<zone>/<stack>`, of the zone's second region `<stage>-<zone>/second/<stack>`, or the stack of an account. */
  readonly path: string;
  readonly region: string;
  /** Absent: only AWS knows. */
  readonly account: string | undefined;
  readonly templateFile: string;
}

const parse = (file: string): Json => JSON.parse(readFileSync(file, 'utf8'));

function pathsIn(metadataFile: string): Map<string, string> {
  const paths = new Map<string, string>();
  for (const [path, entries] of Object.entries(parse(metadataFile) as Record<string, Json[]>)) {
    for (const { type, data } of entries) if (type === 'aws:cdk:logicalId') paths.set(data, path.replace(/^\//, ''));
  }
  return paths;
}

/** One region of a zone, of these stacks in their order. */
export function zoneOf(
  { id, region, account, otherRegion }: Pick<ZoneTemplates, 'id' | 'region' | 'account' | 'otherRegion'>,
  stacks: readonly StackTemplate[],
): ZoneTemplates {
  const zone = { id, region, account, otherRegion, stacks: new Map(stacks.map((stack) => [stack.name, stack])) };
  return { ...zone, resources: stacks.flatMap((stack) => resourcesOf(zone, stack)) };
}

const resourcesOf = (zone: Omit<ZoneTemplates, 'resources'>, stack: StackTemplate): Resource[] =>
  Object.entries(stack.template.Resources as Record<string, Json>).map(([logicalId, resource]) => {
    const path = stack.paths.get(logicalId) ?? `${zone.id}/${stack.name}/${logicalId}`;
    return {
      type: resource.Type,
      logicalId,
      name: nameOf(path),
      path,
      templateFile: stack.templateFile,
      p: plain(zone, stack, resource.Properties ?? {}),
      deletionPolicy: resource.DeletionPolicy,
      updatePolicy: resource.UpdatePolicy && plain(zone, stack, resource.UpdatePolicy),
      outlives: resource.DeletionPolicy === 'RetainExceptOnCreate' && resource.UpdateReplacePolicy === 'Retain',
    };
  });

interface RegionStacks {
  readonly id: string;
  readonly region: string;
  readonly account: string | undefined;
  readonly stacks: readonly StackTemplate[];
}

const stacksIn = (id: string, files: readonly StackFile[]): RegionStacks => ({
  id,
  region: files[0]?.region ?? '',
  account: files[0]?.account,
  stacks: files.map(({ path, region, templateFile }) => ({
    // What the zone shares with others is its own too.
    name: path.startsWith(`${id}/`) ? path.slice(id.length + 1) : 'account',
    template: parse(templateFile),
    paths: pathsIn(templateFile.replace(/\.template\.json$/, '.metadata.json')),
    templateFile,
    region,
  })),
});

const besides = (other: RegionStacks): ZoneTemplates['otherRegion'] =>
  other.stacks.length === 0
    ? undefined
    : { region: other.region, stacks: new Map(other.stacks.map((stack) => [stack.name, stack])) };

/** The regions of a zone, its home first, each with what its account has once there. */
export function readRegions(id: string, all: readonly StackFile[]): ZoneTemplates[] {
  const files = all.filter(({ path }) => path.startsWith(`${id}/`));
  const sharedIn = (own: readonly StackFile[]): StackFile[] =>
    all.filter(
      (file) =>
        !files.includes(file) && own.some(({ region, account }) => region === file.region && account === file.account),
    );
  const withShared = (own: readonly StackFile[]): StackFile[] => [...own, ...sharedIn(own)];
  const ofSecond = ({ path }: StackFile): boolean => path.startsWith(`${id}/${secondRegion}/`);
  const home = stacksIn(id, withShared(files.filter((file) => !ofSecond(file))));
  const second = stacksIn(`${id}/${secondRegion}`, withShared(files.filter(ofSecond)));
  return [
    zoneOf({ ...home, otherRegion: besides(second) }, home.stacks),
    ...(second.stacks.length === 0 ? [] : [zoneOf({ ...second, otherRegion: besides(home) }, second.stacks)]),
  ];
}

const filesIn = (folder: string): StackFile[] =>
  Object.values(parse(join(folder, 'manifest.json')).artifacts as Record<string, Json>)
    .filter(({ type }) => type === 'aws:cloudformation:stack')
    .map(({ displayName, environment, properties }) => ({
      path: displayName,
      region: environment.split('/').at(-1),
      account: /^aws:\/\/(\d{12})\//.exec(environment)?.[1],
      templateFile: join(folder, properties.templateFile),
    }));

/** Every region of all zones of all stages in a folder that `cdk synth` wrote. */
export function readAssembly(outdir: string): ZoneTemplates[] {
  const shared = filesIn(outdir);
  return readdirSync(outdir)
    .filter((name) => name.startsWith('assembly-'))
    .sort()
    .flatMap((folder) => {
      const id = folder.slice('assembly-'.length);
      return readRegions(id, [...filesIn(join(outdir, folder)), ...shared]);
    });
}
