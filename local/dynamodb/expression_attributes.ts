// The top-level attributes that DynamoDB expressions name (DynamoDB developer guide, for what counts as accessed, "Using IAM
// policy conditions for fine-grained access control"): `address.city` and `tags[0]` name `address` and `tags`. Read by the
// grammar of our own engine, so that what is authorized is what is executed.

import { AwsError } from '../endpoint/error.ts';
import { DynamoDbError } from './memory/error.ts';
import {
  parseCondition,
  parseFilter,
  parseKeyCondition,
  parseProjection,
  parseUpdate,
} from './memory/expression/parse.ts';
import { topLevel } from './memory/expression/paths.ts';

const parsers = {
  ProjectionExpression: parseProjection,
  FilterExpression: parseFilter,
  KeyConditionExpression: parseKeyCondition,
  ConditionExpression: parseCondition,
  UpdateExpression: parseUpdate,
} as const;

export type Expressions = { readonly [Kind in keyof typeof parsers]?: string | undefined };

/** Throws what DynamoDB would for an expression that it could not read either. */
export const attributesOf = (expressions: Expressions, names: Readonly<Record<string, string>>): string[] => {
  try {
    return (Object.keys(parsers) as (keyof typeof parsers)[]).flatMap((kind) => {
      const text = expressions[kind];
      if (text === undefined) return [];
      return parsers[kind](text).paths.map((path) => topLevel(path, names));
    });
  } catch (thrown) {
    if (thrown instanceof DynamoDbError) throw new AwsError(thrown.name, thrown.message, thrown.status);
    throw thrown;
  }
};
