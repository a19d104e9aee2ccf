// The calls by which the one who replicates speaks to an engine. They are not DynamoDB's, and no function can make them: the AWS
// endpoint knows no permission for them.

import { malformed } from './error.ts';
import { type Input, isRecord, listOf, recordOf, textOf } from './input.ts';
import { addressOf, checkedKey } from './key.ts';
import { numberIn, type ReplicatedWrite } from './replication.ts';
import type { Store } from './store.ts';
import type { Item } from './value.ts';
import { storable } from './write_request.ts';

/** Applies writes of another region, item by item. Returns how many won. */
export const receive = (store: Store, writes: readonly ReplicatedWrite[]): number => {
  let applied = 0;
  for (const { table: name, keys, image, at, region } of writes) {
    const table = store.table(name);
    const { address, stored } =
      image === undefined
        ? { address: addressOf(table.definition.keys, checkedKey(table.definition.keys, keys)), stored: undefined }
        : storable(table, image);
    if (!store.replication.accepts(table, address, { at, region })) continue;
    if (applied === 0) store.advance();
    applied += 1;
    store.write(table, address, table.stored(address), stored, { isReplicated: true });
  }
  return applied;
};

const writeOf = (given: unknown): ReplicatedWrite => {
  const { number, table, keys, image, at, region } = recordOf(given, 'writes');
  if (!isRecord(keys) || (image !== undefined && !isRecord(image))) throw malformed('a replicated write holds no item');
  return {
    number: numberIn(number),
    table: textOf(table, 'table'),
    // Checked where it is stored.
    keys: keys as Item,
    ...(image !== undefined && { image: image as Item }),
    at: numberIn(at),
    region: textOf(region, 'region'),
  };
};

export const beginReplication = (store: Store, { TableName }: Input): object => {
  if (store.replication.begin(store.table(TableName), store.options.now())) store.advance();
  return {};
};

export const readReplication = (store: Store, { after, limit }: Input): object => ({
  writes: store.replication.outgoing(numberIn(after), numberIn(limit)),
});

export const acknowledgeReplication = (store: Store, { upTo }: Input): object => {
  store.replication.acknowledge(numberIn(upTo));
  store.advance();
  return {};
};

export const applyReplication = (store: Store, { writes }: Input): object => ({
  applied: receive(store, listOf(writes, 'writes').map(writeOf)),
});
