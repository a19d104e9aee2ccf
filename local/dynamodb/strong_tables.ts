// Tables with multi-Region strong consistency (DynamoDB developer guide, "How DynamoDB global tables work", MRSC, read December
// 2026): one engine stands behind all regions of the zone, and what such a table refuses is refused: transactions always, and a
// write to an item that another region is writing.

import * as v from 'valibot';
import type { Resource } from '../cloudformation/deployment.ts';
import { AwsError } from '../endpoint/error.ts';
import type { Call } from '../endpoint/service.ts';
import { UserError } from '../host/user_error.ts';
import type { KnownTables } from './access.ts';

const Item = v.record(v.string(), v.unknown());
const Naming = v.object({
  TableName: v.optional(v.string()),
  RequestItems: v.optional(v.record(v.string(), v.unknown()), {}),
  TransactItems: v.optional(v.array(v.record(v.string(), v.object({ TableName: v.string() }))), []),
  Item: v.optional(Item),
  Key: v.optional(Item),
});

/** The items that regions write at this moment, shared by all of a zone. */
export class StrongWrites {
  /** Region and number of writes, by item. */
  readonly #underWay = new Map<string, { readonly region: string; count: number }>();

  /** Throws where another region writes the item; returns what ends the write. */
  begin(item: string, region: string): () => void {
    const other = this.#underWay.get(item);
    if (other !== undefined && other.region !== region)
      throw new AwsError(
        'ReplicatedWriteConflictException',
        'The request was rejected because one or more items in the request are being modified by a request in another Region.',
      );
    const own = other ?? { region, count: 0 };
    own.count += 1;
    this.#underWay.set(item, own);
    return () => {
      own.count -= 1;
      if (own.count === 0) this.#underWay.delete(item);
    };
  }
}

export interface StrongTables {
  /** Of the engine behind all regions. */
  readonly enginePort: number;
  readonly writes: StrongWrites;
  /** False: the region is cut off from the others, and has no quorum. */
  readonly isReachable: () => boolean;
}

const nothing = (): void => {};

/** What ends the call; undefined: it is for no such table. Throws what DynamoDB refuses. */
export const beginStrong = (
  call: Call,
  known: KnownTables,
  { writes, isReachable }: Pick<StrongTables, 'writes' | 'isReachable'>,
): (() => void) | undefined => {
  const parsed = v.safeParse(Naming, call.input);
  if (!parsed.success) return undefined;
  const { TableName, RequestItems, TransactItems, Item, Key } = parsed.output;
  const inTransaction = TransactItems.flatMap((each) => Object.values(each).map((part) => part.TableName));
  const named = [...(TableName === undefined ? [] : [TableName]), ...Object.keys(RequestItems), ...inTransaction];
  const keysOf = (name: string) => known.get(name.replace(/^arn:.*:table\//, ''))?.strongKeys;
  const strong = named.filter((name) => keysOf(name) !== undefined);
  const [name] = strong;
  if (name === undefined) return undefined;
  if (inTransaction.length > 0)
    throw new AwsError(
      'ValidationException',
      `Transactional operations are not supported on tables with multi-Region strong consistency: ${name}`,
    );
  if (strong.length < named.length)
    throw new AwsError('ValidationException', 'A batch of such a table with others is not run locally.');
  if (!isReachable())
    throw new AwsError('InternalServerError', `${call.region} does not reach the other regions of ${name}.`, 500);
  const item = Item ?? Key;
  if (item === undefined || call.operation === 'GetItem') return nothing;
  const key = (keysOf(name) ?? []).map((attribute) => item[attribute]);
  return writes.begin(JSON.stringify([name, key]), call.region);
};

const Declared = v.object({
  Replicas: v.array(v.object({ Region: v.string() })),
  GlobalTableWitnesses: v.optional(v.array(v.object({ Region: v.string() })), []),
  LocalSecondaryIndexes: v.optional(v.array(v.unknown()), []),
  TimeToLiveSpecification: v.optional(v.object({ Enabled: v.optional(v.boolean()) })),
});

/** Sets of regions in which there are such tables. */
const regionSets = [
  ['us-east-1', 'us-east-2', 'us-west-2'],
  ['eu-west-1', 'eu-west-2', 'eu-west-3', 'eu-central-1'],
  ['ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3'],
];

/** Stops the boot where AWS would not make the table. */
export const checkStrongTable = (table: Resource): void => {
  const declared = v.parse(Declared, table.properties());
  const [replicas, witnesses] = [declared.Replicas, declared.GlobalTableWitnesses];
  const regions = [...replicas, ...witnesses].map(({ Region }) => Region);
  const refuse = (why: string): never => {
    throw new UserError(
      `stack ${table.stack.name}: ${table.logicalId} is to be strongly consistent in all regions, but ${why}.`,
    );
  };
  const isWhole = replicas.length + witnesses.length === 3 && witnesses.length <= 1 && new Set(regions).size === 3;
  if (!isWhole) refuse('it has neither three replicas nor two and a witness');
  if (!regionSets.some((set) => regions.every((region) => set.includes(region))))
    refuse(`there are no such tables in ${regions.join(', ')}`);
  if (declared.LocalSecondaryIndexes.length > 0) refuse('it has local indexes');
  if (declared.TimeToLiveSpecification?.Enabled === true) refuse('it has a time to live');
};
