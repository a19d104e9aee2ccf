// The IAM condition keys of a DynamoDB request (Service Authorization Reference, DynamoDB; developer guide, "Using IAM
// policy conditions for fine-grained access control"). They are worked out only when a policy asks for them: most calls
// meet policies that don't.

import * as v from 'valibot';
import type { ConditionKeys } from '../endpoint/access.ts';
import { attributesOf } from './expression_attributes.ts';

const Names = v.optional(v.record(v.string(), v.string()), {});
const Item = v.record(v.string(), v.record(v.string(), v.unknown()));
const Text = v.optional(v.string());

/** The fields of a request, or of a part of one, that say which items and attributes it touches. */
export const Touching = v.object({
  Key: v.optional(Item),
  Item: v.optional(Item),
  Keys: v.optional(v.array(Item)),
  Items: v.optional(v.array(Item)),
  ProjectionExpression: Text,
  FilterExpression: Text,
  KeyConditionExpression: Text,
  ConditionExpression: Text,
  UpdateExpression: Text,
  ExpressionAttributeNames: Names,
  ExpressionAttributeValues: v.optional(Item, {}),
  AttributesToGet: v.optional(v.array(v.string()), []),
  Select: Text,
  ReturnValues: Text,
  ReturnConsumedCapacity: Text,
});
export type Touching = v.InferOutput<typeof Touching>;

const itemsOf = (request: Touching): readonly v.InferOutput<typeof Item>[] => [
  ...(request.Key === undefined ? [] : [request.Key]),
  ...(request.Item === undefined ? [] : [request.Item]),
  ...(request.Keys ?? []),
  ...(request.Items ?? []),
];

const attributes = (request: Touching): string[] => [
  ...new Set([
    ...itemsOf(request).flatMap(Object.keys),
    ...request.AttributesToGet,
    ...attributesOf(request, request.ExpressionAttributeNames),
  ]),
];

const plain = (value: Readonly<Record<string, unknown>> | undefined): string[] => {
  const [first] = Object.values(value ?? {});
  return typeof first === 'string' ? [first] : [];
};

/** `pk = :p`, in either order of the key conditions. */
const queriedKey = (request: Touching, partitionKey: string): string[] => {
  const pattern = /(#?[\w-]+)\s*=\s*(:[\w-]+)/g;
  for (const [, name = '', value = ''] of (request.KeyConditionExpression ?? '').matchAll(pattern)) {
    if ((request.ExpressionAttributeNames[name] ?? name) === partitionKey)
      return plain(request.ExpressionAttributeValues[value]);
  }
  return [];
};

const leadingKeys = (request: Touching, partitionKey: string): string[] => [
  ...itemsOf(request).flatMap((item) => plain(item[partitionKey])),
  ...queriedKey(request, partitionKey),
];

const absentIfEmpty = (values: readonly string[]): readonly string[] | undefined =>
  values.length === 0 ? undefined : values;
const one = (value: string | undefined): readonly string[] | undefined => (value === undefined ? undefined : [value]);

/** `enclosing`: the transaction that the part belongs to. */
export const dynamodbKeys = (
  request: () => Touching,
  partitionKey: string | undefined,
  enclosing: string | undefined,
): ConditionKeys => ({
  get 'dynamodb:Attributes'() {
    return absentIfEmpty(attributes(request()));
  },
  get 'dynamodb:LeadingKeys'() {
    return partitionKey === undefined ? undefined : absentIfEmpty(leadingKeys(request(), partitionKey));
  },
  get 'dynamodb:Select'() {
    return one(request().Select);
  },
  get 'dynamodb:ReturnValues'() {
    return one(request().ReturnValues);
  },
  get 'dynamodb:ReturnConsumedCapacity'() {
    return one(request().ReturnConsumedCapacity);
  },
  get 'dynamodb:EnclosingOperation'() {
    return one(enclosing);
  },
});
