// The stacks of a zone as CloudFormation gets them: from a cloud assembly, in the order in which they are deployed.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readAssembly } from '../../lib/evidence/assembly.ts';
import type { Json, Resource } from '../../lib/evidence/template.ts';
import { type ClaimedName, namesOf } from './names.ts';

export type DeletionPolicy = 'Delete' | 'Retain' | 'RetainExceptOnCreate';

export interface StackResource {
  readonly id: string;
  readonly type: string;
  /** Path of its construct. */
  readonly path: string;
  readonly names: readonly ClaimedName[];
  /** Logical ids. */
  readonly dependsOn: readonly string[];
  readonly policy: DeletionPolicy;
  /** AWS refuses to delete it. */
  readonly protected: boolean;
}

export interface Stack {
  readonly name: string;
  readonly terminationProtection: boolean;
  /** Each after what it depends on. */
  readonly resources: readonly StackResource[];
}

/** Every logical id that a value mentions. */
function mentionedIn(value: Json): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(mentionedIn);
  return Object.entries(value as Record<string, Json>).flatMap(([key, each]) => {
    if (key === 'Ref') return [String(each)];
    if (key === 'Fn::GetAtt') return [String([each].flat()[0]).split('.')[0] ?? ''];
    const text = key === 'Fn::Sub' ? String([each].flat()[0]) : '';
    return [...[...text.matchAll(/\$\{([\w]+)/g)].map(([, id]) => id ?? ''), ...mentionedIn(each)];
  });
}

function inOrder(resources: ReadonlyMap<string, StackResource>): StackResource[] {
  const ordered = new Map<string, StackResource>();
  const visit = (resource: StackResource): void => {
    if (ordered.has(resource.id)) return;
    for (const id of resource.dependsOn) visit(resources.get(id) as StackResource);
    ordered.set(resource.id, resource);
  };
  for (const resource of resources.values()) visit(resource);
  return [...ordered.values()];
}

const protectsItself = (properties: Json): boolean =>
  [properties, ...(properties.Replicas ?? [])].some(
    (part) => part.DeletionProtectionEnabled === true || part.DeletionProtection === true,
  );

function orderedArtifacts(artifacts: Readonly<Record<string, Json>>): Json[] {
  const ordered = new Map<string, Json>();
  const visit = (id: string): void => {
    if (ordered.has(id) || artifacts[id] === undefined) return;
    for (const dependency of artifacts[id].dependencies ?? []) visit(dependency);
    ordered.set(id, artifacts[id]);
  };
  for (const id of Object.keys(artifacts)) visit(id);
  return [...ordered.values()].filter(({ type }) => type === 'aws:cloudformation:stack');
}

/** @param zone `<stage>-<zone>` */
export const stacksOf = (cdkOut: string, zone: string): Stack[] =>
  stacksIn(
    join(cdkOut, `assembly-${zone}`),
    readAssembly(cdkOut)
      .filter(({ id }) => id.split('/')[0] === zone)
      .flatMap(({ resources }) => resources),
  );

/** Those of what an account has once. */
export const accountStacksOf = (cdkOut: string): Stack[] =>
  stacksIn(
    cdkOut,
    readAssembly(cdkOut).flatMap(({ resources }) => resources),
  );

function stacksIn(folder: string, read: readonly Resource[]): Stack[] {
  const { artifacts } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  return orderedArtifacts(artifacts).map(({ environment, properties, displayName }) => {
    const file = join(folder, properties.templateFile);
    const template: Json = JSON.parse(readFileSync(file, 'utf8'));
    const known = new Set(Object.keys(template.Resources));
    const resources = new Map<string, StackResource>();
    for (const resource of read.filter(({ templateFile }) => templateFile === file)) {
      const { DependsOn = [], Properties = {}, DeletionPolicy = 'Delete' } = template.Resources[resource.logicalId];
      resources.set(resource.logicalId, {
        id: resource.logicalId,
        type: resource.type,
        path: resource.path,
        names: namesOf(resource, environment.split('/').at(-1)),
        dependsOn: [...new Set([DependsOn, mentionedIn(Properties)].flat())].filter((id) => known.has(id)),
        policy: DeletionPolicy,
        protected: protectsItself(Properties),
      });
    }
    const terminationProtection = properties.terminationProtection === true;
    return { name: displayName, terminationProtection, resources: inOrder(resources) };
  });
}
