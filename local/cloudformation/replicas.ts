// What a template of one region makes in another one: replicas of its tables and secrets (CloudFormation,
// AWS::DynamoDB::GlobalTable, Replicas; AWS::SecretsManager::Secret, ReplicaRegions). There they are resources like any other,
// of the same name, with that region in their ARNs.

import * as v from 'valibot';
import type { Physical } from './physical.ts';
import type { Resource } from './resource.ts';

const Table = v.object({ Replicas: v.array(v.object({ Region: v.string() })) });
const Secret = v.object({
  ReplicaRegions: v.optional(v.array(v.object({ Region: v.string(), KmsKeyId: v.optional(v.string()) })), []),
});

/** In the ARN of a resource, its own region stands fourth. */
const inRegion = (text: string, region: string): string =>
  text.replace(/^(arn:[^:]*:[^:]*:)[^:]*(?=:)/, (_, head: string) => `${head}${region}`);

const physicalIn = ({ ref, attributes }: Physical, region: string): Physical => ({
  ref: inRegion(ref, region),
  attributes: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, inRegion(value, region)])),
});

/** The properties that the replica has in the region; undefined: it has none there. */
const readers: Readonly<Record<string, (primary: Resource, region: string) => Record<string, unknown> | undefined>> = {
  'AWS::DynamoDB::GlobalTable'(primary, region) {
    const properties = primary.properties();
    const { Replicas } = v.parse(Table, properties);
    return Replicas.some(({ Region }) => Region === region) ? properties : undefined;
  },
  'AWS::SecretsManager::Secret'(primary, region) {
    const properties = primary.properties();
    const replica = v.parse(Secret, properties).ReplicaRegions.find(({ Region }) => Region === region);
    return replica && { ...properties, KmsKeyId: replica.KmsKeyId };
  },
};

export const isReplicated = (type: string): boolean => Object.hasOwn(readers, type);

export const replicasIn = (region: string, declared: readonly Resource[]): Resource[] =>
  declared.flatMap((primary): Resource[] => {
    const properties = readers[primary.type]?.(primary, region);
    if (properties === undefined) return [];
    return [
      {
        stack: { ...primary.stack, region },
        logicalId: primary.logicalId,
        type: primary.type,
        physical: physicalIn(primary.physical, region),
        properties: () => properties,
        primary,
      },
    ];
  });
