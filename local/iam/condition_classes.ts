// Which values of a condition key the policies of a zone can distinguish. Values that match the same patterns of all policies
// form one class, and one of them represents the class: no decision is different for another. So values that vary from call
// to call (a tenant's encryption context, the key of an item) do not make a recording longer.

import type { Deployment } from '../cloudformation/deployment.ts';
import { arnMatcher } from './arn.ts';
import { matchesWildcards } from './wildcard.ts';

/** Resources whose properties hold policies (./policies.ts reads the same). */
const withPolicies = [
  'AWS::IAM::Role',
  'AWS::IAM::Policy',
  'AWS::IAM::ManagedPolicy',
  'AWS::KMS::Key',
  'AWS::KMS::ReplicaKey',
  'AWS::S3::BucketPolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::EC2::VPCEndpoint',
];

const isBlock = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Everything that any policy of the zone compares with, by condition key in lower case. */
const comparedWith = (deployment: Deployment): ReadonlyMap<string, ReadonlySet<string>> => {
  const found = new Map<string, Set<string>>();
  const visit = (value: unknown): void => {
    if (!isBlock(value)) return;
    for (const [name, inner] of Object.entries(value)) {
      if (name !== 'Condition' || !isBlock(inner)) {
        visit(inner);
        continue;
      }
      for (const [key, given] of Object.values(inner).flatMap((block) => Object.entries(isBlock(block) ? block : {}))) {
        const patterns = found.get(key.toLowerCase()) ?? new Set();
        found.set(key.toLowerCase(), patterns);
        for (const each of [given].flat()) patterns.add(String(each));
      }
    }
  };
  for (const type of withPolicies) for (const resource of deployment.of(type)) visit(resource.properties());
  return found;
};

/** How a value matches a pattern, by every operator of ./conditions.ts. */
const fares = (pattern: string): ((value: string) => string) => {
  const isOfArn = arnMatcher(pattern);
  return (value) =>
    [value === pattern, value.toLowerCase() === pattern.toLowerCase(), matchesWildcards(pattern, value), isOfArn(value)]
      .map(Number)
      .join('');
};

/** The first value that was asked about of the same class. */
export type Representative = (key: string, value: string) => string;

export const representatives = (deployment: Deployment): Representative => {
  const patterns = new Map(
    [...comparedWith(deployment)].map(([key, values]) => [key, [...values].map(fares)] as const),
  );
  const firsts = new Map<string, string>();
  return (key, value) => {
    const against = patterns.get(key.toLowerCase()) ?? [];
    const sameClass = [key, ...against.map((fare) => fare(value))].join(' ');
    const first = firsts.get(sameClass);
    if (first !== undefined) return first;
    firsts.set(sameClass, value);
    return value;
  };
};
