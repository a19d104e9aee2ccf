// Proves of a zone's templates that nothing leaves it: whatever names a place names one of the zone, and what cannot be resolved, or
// is of a type that is not known, counts as leaving (promise RES-2).

import { tables } from '../../../contract/capabilities.ts';
import type { Table } from '../../../contract/kernel/table.ts';
import { zones } from '../../../contract/kernel/zones.ts';
import type { Json, Resource, StackTemplate, ZoneTemplates } from '../template.ts';
import { type Bounds, boundsOf, outsideOf, regionsIn } from './places.ts';
import { type Found, foundIn } from './texts.ts';
import { fields, kinds, typeFaults } from './types.ts';

export interface Leaving {
  /** Path of the stack inside the zone. */
  readonly stack: string;
  /** Logical id, or the section of the template. */
  readonly at: string;
  readonly path: string;
  readonly why: string;
}

/** What was seen of a kind, by the region where it is. */
export interface Sighting {
  readonly what: string;
  readonly region: string;
}

export interface Residency {
  readonly id: string;
  readonly bounds: Bounds;
  readonly leaving: readonly Leaving[];
  readonly sightings: readonly Sighting[];
  /** Texts that were read. */
  readonly texts: number;
}

/** Tables that both regions of a zone write with one consistency, by their rows. */
const stronglyConsistent = ({ stage, zone }: Bounds): string[] =>
  (Object.entries(tables) as [string, Table][])
    .filter(([, { consistency }]) => consistency === 'strong')
    .map(([name]) => `strongroom-${stage}-${zone}-${name}`);

/** The witness of such a table votes and holds no data: it is the zone's, and no replica. */
const isWitness = ({ stack, at, type, path, text }: Found, { zone }: Bounds, strong: readonly string[]): boolean =>
  type === 'AWS::DynamoDB::GlobalTable' &&
  /^GlobalTableWitnesses\.\d+\.Region$/.test(path) &&
  text === zones[zone].witness &&
  strong.includes(stack.template.Resources[at]?.Properties.TableName);

const sightingOf = (found: Found): Sighting | undefined => {
  const row = fields.find(
    ([, type, path]) => found.type !== undefined && type.test(found.type) && path.test(found.path),
  );
  if (row === undefined || found.key === '') return undefined;
  return { what: row[0], region: regionsIn(found.text)[0] ?? found.stack.region };
};

const ofTypes = (resources: readonly Resource[], bounds: Bounds, stackOf: (resource: Resource) => string): Leaving[] =>
  resources.flatMap((resource) => {
    const at = { stack: stackOf(resource), at: resource.logicalId };
    if (kinds[resource.type] === undefined) {
      return [{ ...at, path: 'Type', why: `nobody has said where ${resource.type} puts what it is given` }];
    }
    return (typeFaults[resource.type]?.(resource.p, bounds) ?? []).map(([path, why]) => ({ ...at, path, why }));
  });

/** @param strong names of tables that may have a witness; others than the contract's in tests alone. */
export function residencyOf(zone: ZoneTemplates, strong?: readonly string[]): Residency {
  const bounds = boundsOf(zone.id);
  const shared = strong ?? stronglyConsistent(bounds);
  const leaving: Leaving[] = [];
  const sightings: Sighting[] = [];
  let texts = 0;
  for (const stack of zone.stacks.values()) {
    if (!bounds.regions.includes(stack.region)) {
      leaving.push({ stack: stack.name, at: 'the stack', path: '', why: `is in ${stack.region}` });
    }
    for (const found of foundIn(zone, stack)) {
      texts += 1;
      const { at, path } = found;
      if (!isWitness(found, bounds, shared)) {
        for (const why of outsideOf(found, bounds)) leaving.push({ stack: stack.name, at, path, why });
      }
      const sighting = sightingOf(found);
      if (sighting !== undefined) sightings.push(sighting);
      if (found.at === 'Outputs' && /\.Export(\.|$)/.test(path)) {
        leaving.push({ stack: stack.name, at, path, why: 'an export is for whoever is in the account' });
        sightings.push({ what: 'exports', region: stack.region });
      }
    }
    sightings.push(...ofSections(stack));
  }
  const stackAt = new Map([...zone.stacks.values()].map(({ templateFile, name }) => [templateFile, name]));
  const regionAt = new Map([...zone.stacks.values()].map(({ templateFile, region }) => [templateFile, region]));
  leaving.push(...ofTypes(zone.resources, bounds, ({ templateFile }) => stackAt.get(templateFile) ?? ''));
  for (const { type, templateFile } of zone.resources) {
    sightings.push({ what: kinds[type] ?? type, region: regionAt.get(templateFile) ?? '' });
  }
  return { id: zone.id, bounds, leaving, sightings, texts };
}

const ofSections = ({ template, region }: StackTemplate): Sighting[] => [
  ...Object.keys(template.Outputs ?? {}).map(() => ({ what: 'outputs', region })),
  ...Object.keys(template.Parameters ?? {}).map(() => ({ what: 'parameters', region })),
  ...referencesIn(template).map((at) => ({ what: 'references to other stacks', region: at })),
];

/** Region of the stack whose output each refers to. */
const referencesIn = (value: Json): string[] => {
  if (typeof value !== 'object' || value === null) return [];
  const output = value['Fn::GetStackOutput'];
  return output === undefined ? Object.values(value).flatMap(referencesIn) : [String(output.Region)];
};
