// Reads the cloud assembly that synthesis wrote: which stacks make up each zone of a stage, in which order they are
// deployed, and where the code of their functions is. It never guesses: what is missing is reported with a UserError.

import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as v from 'valibot';
import { type ZoneName, zoneNames, zones } from '../../contract/kernel/zones.ts';
import { UserError } from '../host/user_error.ts';

const Artifact = v.object({
  type: v.string(),
  environment: v.optional(v.string()),
  dependencies: v.optional(v.array(v.string()), []),
  properties: v.optional(
    v.object({
      templateFile: v.optional(v.string()),
      stackName: v.optional(v.string()),
      directoryName: v.optional(v.string()),
      file: v.optional(v.string()),
    }),
    {},
  ),
});
const Manifest = v.object({ artifacts: v.optional(v.record(v.string(), Artifact), {}) });
const AssetManifest = v.object({
  files: v.optional(v.record(v.string(), v.object({ source: v.object({ path: v.optional(v.string()) }) })), {}),
});

const Block = v.record(v.string(), v.unknown());
const Template = v.object({
  Parameters: v.optional(v.record(v.string(), v.object({ Type: v.string(), Default: v.optional(v.unknown()) })), {}),
  Mappings: v.optional(v.record(v.string(), v.record(v.string(), Block)), {}),
  Conditions: v.optional(Block, {}),
  Resources: v.record(
    v.string(),
    v.object({ Type: v.string(), Condition: v.optional(v.string()), Properties: v.optional(Block, {}) }),
  ),
  Outputs: v.optional(
    v.record(
      v.string(),
      v.object({
        Value: v.unknown(),
        Export: v.optional(v.object({ Name: v.unknown() })),
        Condition: v.optional(v.string()),
      }),
    ),
    {},
  ),
});

export type Template = v.InferOutput<typeof Template>;

export interface Stack {
  readonly name: string;
  readonly region: string;
  readonly account: string;
  readonly template: Template;
  /** Asset hash -> folder or file. */
  readonly assets: ReadonlyMap<string, string>;
}

export interface ZoneAssembly {
  readonly zone: ZoneName;
  /** Its home. */
  readonly region: string;
  /** Of all its regions, in the order of their dependencies. */
  readonly stacks: readonly Stack[];
}

/** The second region, where the zone's stage has one. */
export const secondRegionOf = ({ region, stacks }: ZoneAssembly): string | undefined =>
  stacks.find((stack) => stack.region !== region)?.region;

export const localAccount = '000000000000';

const read = <Schema extends v.GenericSchema>(path: string, schema: Schema): v.InferOutput<Schema> => {
  if (!existsSync(path)) throw new UserError(`${path} is missing. Run without --no-synth to build it.`);
  return v.parse(schema, JSON.parse(readFileSync(path, 'utf8')));
};

const environmentOf = (environment: string | undefined, zone: ZoneName): { account: string; region: string } => {
  const [, account, region] = /^aws:\/\/([^/]+)\/([^/]+)$/.exec(environment ?? '') ?? [];
  return {
    account: account === undefined || account.startsWith('unknown') ? localAccount : account,
    region: region === undefined || region.startsWith('unknown') ? zones[zone].home : region,
  };
};

const stacksOf = (folder: string, zone: ZoneName): Stack[] => {
  const { artifacts } = read(join(folder, 'manifest.json'), Manifest);
  const sorted = new Map<string, Stack>();
  const visit = (id: string, path: readonly string[]): void => {
    const artifact = artifacts[id];
    if (artifact === undefined || sorted.has(id) || path.includes(id)) return;
    for (const dependency of artifact.dependencies) visit(dependency, [...path, id]);
    if (artifact.type !== 'aws:cloudformation:stack' || artifact.properties.templateFile === undefined) return;
    const assets = new Map<string, string>();
    for (const dependency of artifact.dependencies) {
      const file = artifacts[dependency]?.properties.file;
      if (artifacts[dependency]?.type !== 'cdk:asset-manifest' || file === undefined) continue;
      for (const [hash, { source }] of Object.entries(read(join(folder, file), AssetManifest).files)) {
        if (source.path !== undefined) assets.set(hash, resolve(folder, source.path));
      }
    }
    sorted.set(id, {
      name: artifact.properties.stackName ?? id,
      ...environmentOf(artifact.environment, zone),
      template: read(join(folder, artifact.properties.templateFile), Template),
      assets,
    });
  };
  for (const id of Object.keys(artifacts)) visit(id, []);
  return [...sorted.values()];
};

export const readAssembly = (cdkOut: string, stage: string): ZoneAssembly[] => {
  const { artifacts } = read(join(cdkOut, 'manifest.json'), Manifest);
  const nested = Object.values(artifacts).flatMap((artifact) =>
    artifact.type === 'cdk:cloud-assembly' && artifact.properties.directoryName !== undefined
      ? [artifact.properties.directoryName]
      : [],
  );
  const found = zoneNames.flatMap((zone): ZoneAssembly[] => {
    const directory = nested.find((name) => name === `assembly-${stage}-${zone}` || name === `${stage}-${zone}`);
    if (directory === undefined) return [];
    return [{ zone, region: zones[zone].home, stacks: stacksOf(join(cdkOut, directory), zone) }];
  });
  if (found.length === 0) {
    throw new UserError(
      `${cdkOut} holds no zone of the stage "${stage}". It holds: ${nested.join(', ') || 'nothing'}.`,
    );
  }
  return found;
};
