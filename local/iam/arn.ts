// Matching ARNs as IAM does: each of the first five segments by itself, the rest as one, wildcards in all of them (IAM
// user guide, "IAM JSON policy elements: Resource" and "ARN condition operators"). A wildcard never reaches into the
// next segment.

import { matchesWildcards } from './wildcard.ts';

/** partition, service, region, account and resource; undefined where the text is no ARN. */
const segmentsOf = (arn: string): readonly string[] | undefined => {
  const [prefix, partition, service, region, account, ...rest] = arn.split(':');
  if (prefix !== 'arn' || account === undefined || rest.length === 0) return undefined;
  return [partition ?? '', service ?? '', region ?? '', account, rest.join(':')];
};

export const isArn = (text: string): boolean => segmentsOf(text) !== undefined;

const hasWildcard = (text: string): boolean => text.includes('*') || text.includes('?');

/** Whether an ARN matches the pattern. A pattern that is no ARN matches none. */
export const arnMatcher = (pattern: string): ((arn: string) => boolean) => {
  if (!hasWildcard(pattern)) return (arn) => arn === pattern;
  const wanted = segmentsOf(pattern);
  if (wanted === undefined) return () => false;
  return (arn) => {
    const segments = segmentsOf(arn);
    return segments?.every((segment, at) => matchesWildcards(wanted[at] ?? '', segment)) ?? false;
  };
};
