// What one write asks for, parsed and checked before anything happens: a put, an update, a deletion, or a check alone, with its
// condition. Single writes and transactions share it.

import type { Stored } from './entry.ts';
import { invalid, invalidParameter } from './error.ts';
import { holds } from './expression/condition.ts';
import { type ParsedCondition, type ParsedUpdate, parseCondition, parseUpdate } from './expression/parse.ts';
import { refuseOverlaps, topLevel } from './expression/paths.ts';
import { type Bound, bind } from './expression/placeholders.ts';
import { updated } from './expression/update.ts';
import { type Input, optionalText } from './input.ts';
import { type Address, addressOf, checkedKey } from './key.ts';
import { attributeBytes, itemBytes, mostItemBytes } from './size.ts';
import type { Store } from './store.ts';
import type { Table } from './table.ts';
import { attribute, checkedItem, type Item } from './value.ts';

export interface Intent {
  readonly kind: 'put' | 'update' | 'delete' | 'check';
  readonly table: Table;
  readonly address: Address;
  readonly condition: ParsedCondition | undefined;
  readonly update: ParsedUpdate | undefined;
  readonly bound: Bound;
  /** The image that is there afterwards. Throws where an update can't be made of what is there. */
  readonly after: (before: Stored | undefined) => Stored | undefined;
}

const conditionOf = (input: Input): ParsedCondition | undefined => {
  const text = optionalText(input.ConditionExpression, 'conditionExpression');
  return text === undefined ? undefined : parseCondition(text);
};

export const refuseLarge = (bytes: number, message = 'Item size has exceeded the maximum allowed size'): void => {
  if (bytes > mostItemBytes) throw invalid(message);
};

/** A whole item as it comes to be stored. */
export const storable = (table: Table, given: unknown): { readonly address: Address; readonly stored: Stored } => {
  const item = checkedItem(given, 'item');
  const address = addressOf(table.definition.keys, item);
  table.checkIndexKeys(item);
  const bytes = itemBytes(item);
  refuseLarge(bytes);
  return { address, stored: { item, bytes } };
};

export const putIntent = (store: Store, input: Input): Intent => {
  const condition = conditionOf(input);
  const bound = bind(input, [condition]);
  const table = store.table(input.TableName);
  const { address, stored } = storable(table, input.Item);
  return { kind: 'put', table, address, condition, update: undefined, bound, after: () => stored };
};

const keyed = (table: Table, input: Input): { readonly key: Item; readonly address: Address } => {
  const key = checkedKey(table.definition.keys, input.Key);
  return { key, address: addressOf(table.definition.keys, key) };
};

export const deleteIntent = (store: Store, input: Input): Intent => {
  const condition = conditionOf(input);
  const bound = bind(input, [condition]);
  const table = store.table(input.TableName);
  const { address } = keyed(table, input);
  return { kind: 'delete', table, address, condition, update: undefined, bound, after: () => undefined };
};

export const checkIntent = (store: Store, input: Input): Intent => {
  const condition = conditionOf(input);
  if (condition === undefined) throw invalid("1 validation error detected: Value null at 'conditionExpression'");
  const bound = bind(input, [condition]);
  const table = store.table(input.TableName);
  const { address } = keyed(table, input);
  return { kind: 'check', table, address, condition, update: undefined, bound, after: (before) => before };
};

export const updateIntent = (store: Store, input: Input): Intent => {
  const condition = conditionOf(input);
  const text = optionalText(input.UpdateExpression, 'updateExpression');
  const update = text === undefined ? undefined : parseUpdate(text);
  const bound = bind(input, [update, condition]);
  const table = store.table(input.TableName);
  if (update !== undefined) checkTargets(update, table, bound);
  const { key, address } = keyed(table, input);
  return {
    kind: 'update',
    table,
    address,
    condition,
    update,
    bound,
    after: (before) => (update === undefined ? (before ?? stored(key)) : changed(table, update, key, before, bound)),
  };
};

const stored = (item: Item): Stored => ({ item, bytes: itemBytes(item) });

const checkTargets = (update: ParsedUpdate, table: Table, { names }: Bound): void => {
  refuseOverlaps(update.tree.targets, names, update.kind);
  for (const path of update.tree.targets) {
    const name = topLevel(path, names);
    if (table.isKey(name)) {
      throw invalidParameter(`Cannot update attribute ${name}. This attribute is part of the key`);
    }
  }
};

const changed = (table: Table, update: ParsedUpdate, key: Item, before: Stored | undefined, bound: Bound): Stored => {
  const item = updated(update.tree, before?.item ?? key, bound);
  table.checkIndexKeys(item);
  const bytes = before === undefined ? itemBytes(item) : before.bytes + growth(update, before.item, item, bound);
  refuseLarge(bytes, 'Item size to update has exceeded the maximum allowed size');
  return { item, bytes };
};

/** Only what was written has another size. */
const growth = (update: ParsedUpdate, before: Item, after: Item, { names }: Bound): number => {
  let bytes = 0;
  const { targets } = update.tree;
  for (let at = 0; at < targets.length; at += 1) {
    const target = targets[at];
    if (target === undefined) continue;
    const name = topLevel(target, names);
    if (target.length > 1 && isEarlier(targets.slice(0, at), name, names)) continue;
    const [old, now] = [attribute(before, name), attribute(after, name)];
    if (now !== undefined) bytes += attributeBytes(name, now);
    if (old !== undefined) bytes -= attributeBytes(name, old);
  }
  return bytes;
};

const isEarlier = (paths: ParsedUpdate['tree']['targets'], name: string, names: Bound['names']): boolean =>
  paths.some((path) => topLevel(path, names) === name);

export const isMet = ({ condition, bound }: Intent, before: Stored | undefined): boolean =>
  condition === undefined || holds(condition.tree, before?.item ?? {}, bound);
