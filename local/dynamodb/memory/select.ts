// Which attributes a query or scan returns (DynamoDB API reference, "Query", Select): what an index doesn't project, a
// global index doesn't give; a local index fetches it from the table.

import { invalid, invalidParameter } from './error.ts';
import { choiceOf, type Input } from './input.ts';
import type { SecondaryIndex } from './secondary_index.ts';

export interface Selected {
  readonly countsOnly: boolean;
  readonly readsTable: boolean;
}

type Select = 'ALL_ATTRIBUTES' | 'ALL_PROJECTED_ATTRIBUTES' | 'SPECIFIC_ATTRIBUTES' | 'COUNT';
const selects: readonly Select[] = ['SPECIFIC_ATTRIBUTES', 'COUNT', 'ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES'];

export const selectOf = (input: Input, index: SecondaryIndex | undefined, projects: boolean): Selected => {
  const select = choiceOf<Select | ''>(input.Select, 'select', selects, '');
  if (projects && select !== '' && select !== 'SPECIFIC_ATTRIBUTES') {
    throw invalid(`Cannot specify the ProjectionExpression when choosing to get ${select}`);
  }
  if (select === 'SPECIFIC_ATTRIBUTES' && !projects) {
    throw invalid('Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES');
  }
  if (select === 'ALL_PROJECTED_ATTRIBUTES' && index === undefined) {
    throw invalidParameter('ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName');
  }
  const isPartial = index?.projected !== undefined;
  if (select === 'ALL_ATTRIBUTES' && isPartial && !index.definition.isLocal) {
    throw invalidParameter(
      `Select type ALL_ATTRIBUTES is not supported for global secondary index ${index.definition.name} because its projection type is not ALL`,
    );
  }
  return {
    countsOnly: select === 'COUNT',
    readsTable: isPartial && (select === 'ALL_ATTRIBUTES' || projects) && index.definition.isLocal,
  };
};

export const refuseUnprojected = (index: SecondaryIndex | undefined, names: readonly string[]): void => {
  const { projected } = index ?? {};
  if (index === undefined || projected === undefined || index.definition.isLocal) return;
  const missing = names.filter((name) => !projected.includes(name));
  if (missing.length === 0) return;
  throw invalidParameter(`Global secondary index ${index.definition.name} does not project [${missing.join(', ')}]`);
};

export const refuseUnfiltered = (index: SecondaryIndex | undefined, names: readonly string[]): void => {
  const { projected } = index ?? {};
  if (index === undefined || projected === undefined) return;
  const missing = names.filter((name) => !projected.includes(name));
  if (missing.length === 0) return;
  throw invalidParameter(
    `Secondary index ${index.definition.name} does not project one or more filter attributes: [${missing.join(', ')}]`,
  );
};
