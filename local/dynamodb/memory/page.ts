// Query and Scan (DynamoDB API reference, under these names): one page at a time, of at most 1 MB of what is looked at,
// before anything is filtered. Where a page ends early it says behind which key the next begins.

import { type Consumption, readUnits } from './capacity.ts';
import type { Entry } from './entry.ts';
import { invalid, invalidParameter } from './error.ts';
import { holds } from './expression/condition.ts';
import { keyRange } from './expression/key_condition.ts';
import { type ParsedCondition, parseFilter, parseKeyCondition } from './expression/parse.ts';
import { topLevel } from './expression/paths.ts';
import { type Bound, bind } from './expression/placeholders.ts';
import { pick } from './expression/projection.ts';
import { flagOf, type Input, optionalCount, optionalRecord, optionalText, refuseLegacy } from './input.ts';
import { type KeySchema, keyNames } from './key.ts';
import { entriesBetween, refuseOutside } from './range.ts';
import { checkProjection, projectionOf } from './read.ts';
import type { SecondaryIndex } from './secondary_index.ts';
import { refuseUnfiltered, refuseUnprojected, type Selected, selectOf } from './select.ts';
import { itemBytes } from './size.ts';
import { type Start, startOf } from './start_key.ts';
import type { Store } from './store.ts';
import type { Table } from './table.ts';
import type { Item } from './value.ts';

const legacyQuery = ['AttributesToGet', 'KeyConditions', 'QueryFilter', 'ConditionalOperator'];
const legacyScan = ['AttributesToGet', 'ScanFilter', 'ConditionalOperator'];
const mostPageBytes = 1024 * 1024;

interface Page {
  readonly table: Table;
  readonly index: SecondaryIndex | undefined;
  readonly keys: KeySchema;
  readonly consistent: boolean;
  readonly limit: number | undefined;
  readonly filter: ParsedCondition | undefined;
  readonly bound: Bound;
  readonly cut: (item: Item, bound: Bound) => Item;
  readonly select: Selected;
  readonly consumption: Consumption;
  readonly start: Start | undefined;
}

const pageOf = (store: Store, input: Input, keyCondition: ParsedCondition | undefined): Page => {
  const consistent = flagOf(input.ConsistentRead, 'consistentRead');
  const limit = optionalCount(input.Limit, 'limit', 1, Number.MAX_SAFE_INTEGER);
  const consumption = store.consumption(input, 'Read');
  const text = optionalText(input.FilterExpression, 'filterExpression');
  const filter = text === undefined ? undefined : parseFilter(text);
  const { parsed, cut } = projectionOf(input);
  const bound = bind(input, [keyCondition, filter, parsed]);
  checkProjection(parsed, bound);
  const table = store.table(input.TableName);
  const indexName = optionalText(input.IndexName, 'indexName');
  const index = indexName === undefined ? undefined : table.index(indexName);
  if (indexName !== undefined && index === undefined) {
    throw invalid(`The table does not have the specified index: ${indexName}`);
  }
  if (consistent && index?.definition.isLocal === false) {
    throw invalid('Consistent reads are not supported on global secondary indexes');
  }
  const select = selectOf(input, index, parsed !== undefined);
  if (parsed !== undefined)
    refuseUnprojected(
      index,
      parsed.tree.map((path) => topLevel(path, bound.names)),
    );
  if (filter !== undefined) {
    refuseUnfiltered(
      index,
      filter.paths.map((path) => topLevel(path, bound.names)),
    );
  }
  const keys = index?.definition.keys ?? table.definition.keys;
  const start = startOf(optionalRecord(input.ExclusiveStartKey, 'exclusiveStartKey'), table, index);
  return { table, index, keys, consistent, limit, filter, bound, cut, select, consumption, start };
};

/** Reads `entries` until the page is full. */
const read = (page: Page, entries: Iterable<Entry>, asOf: number | undefined): object => {
  const { table, index, filter, bound, cut, select, consumption, limit } = page;
  const at = page.consistent ? undefined : asOf;
  const Items: Item[] = [];
  let scanned = 0;
  let count = 0;
  let bytes = 0;
  let fetchUnits = 0;
  let behind: Item | undefined;
  let isCut = false;
  for (const entry of entries) {
    const stored = at === undefined ? entry.stored : entry.at(at);
    if (stored === undefined) continue;
    const projected = index === undefined ? stored.item : index.image(stored);
    const size = projected === stored.item ? stored.bytes : itemBytes(projected);
    // A local index of which everything is wanted reads the table, too.
    const image = select.readsTable ? stored.item : projected;
    if (select.readsTable && consumption.isCounted) fetchUnits += readUnits(stored.bytes, page.consistent);
    if (scanned > 0 && bytes + size > mostPageBytes) {
      isCut = true;
      break;
    }
    scanned += 1;
    bytes += size;
    behind = stored.item;
    if (filter === undefined || holds(filter.tree, image, bound)) {
      count += 1;
      if (!select.countsOnly) Items.push(cut(image, bound));
    }
    if (scanned === limit) {
      isCut = true;
      break;
    }
  }
  if (consumption.isCounted) {
    if (index !== undefined) consumption.add(table, fetchUnits);
    consumption.add(table, readUnits(bytes, page.consistent), index);
  }
  const output: Record<string, unknown> = select.countsOnly ? {} : { Items };
  output.Count = count;
  output.ScannedCount = scanned;
  if (isCut && behind !== undefined) {
    const names = [...keyNames(table.definition.keys), ...(index === undefined ? [] : keyNames(page.keys))];
    output.LastEvaluatedKey = pick(behind, names);
  }
  return consumption.one(output);
};

const refuseKeysIn = (filter: ParsedCondition, keys: KeySchema, { names }: Bound): void => {
  const key = filter.paths.map((path) => topLevel(path, names)).find((name) => keyNames(keys).includes(name));
  if (key === undefined) return;
  throw invalid(`Filter Expression can only contain non-primary key attributes: Primary key attribute: ${key}`);
};

export const query = (store: Store, input: Input, asOf: number | undefined): object => {
  refuseLegacy(input, legacyQuery);
  const text = optionalText(input.KeyConditionExpression, 'keyConditionExpression');
  if (text === undefined) {
    throw invalid('Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.');
  }
  const condition = parseKeyCondition(text);
  const page = pageOf(store, input, condition);
  const range = keyRange(condition, page.keys, page.bound);
  if (page.filter !== undefined) refuseKeysIn(page.filter, page.keys, page.bound);
  if (page.start !== undefined) refuseOutside(page.start, range);
  const forward = input.ScanIndexForward !== false;
  const entries = (page.index?.keyspace ?? page.table.keyspace).partition(range.partition);
  if (entries === undefined) return read(page, [], asOf);
  return read(page, entriesBetween(entries, range, page.start, forward), asOf);
};

export const scan = (store: Store, input: Input, asOf: number | undefined): object => {
  refuseLegacy(input, legacyScan);
  const segments = optionalCount(input.TotalSegments, 'totalSegments', 1, 1_000_000);
  const segment = optionalCount(input.Segment, 'segment', 0, 999_999);
  if ((segment === undefined) !== (segments === undefined)) {
    throw invalid(
      `The ${segment === undefined ? 'Segment' : 'TotalSegments'} parameter is required but was not present in the request when ${segment === undefined ? 'TotalSegments' : 'Segment'} parameter is present`,
    );
  }
  if (segment !== undefined && segments !== undefined && segment >= segments) {
    throw invalidParameter(
      `The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: ${segment} is not less than TotalSegments: ${segments}`,
    );
  }
  const page = pageOf(store, input, undefined);
  const keyspace = page.index?.keyspace ?? page.table.keyspace;
  return read(page, keyspace.scan(page.start, segment ?? 0, segments ?? 1), asOf);
};
