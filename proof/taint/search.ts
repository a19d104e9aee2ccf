// Every place in which a run of the local cloud leaves something: the items of its tables, and the files of its state
// folder, in which are the engine's own, the buckets, queues, buses, logs and metrics. It must leave none out: a file that
// it does not know has its own name as its place.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import * as v from 'valibot';
import type { EngineClient } from '../../local/dynamodb/client.ts';
import type { Find, Marks } from './marks.ts';

export interface Found extends Find {
  readonly where: string;
}

export type Content = string | Uint8Array;

/** A place and all that it holds. */
export type Places = Map<string, Content[]>;

export function put(places: Places, where: string, content: Content): void {
  const held = places.get(where) ?? [];
  held.push(content);
  places.set(where, held);
}

/** What is found, each once; sorted, so that two runs tell the same. */
export function search(places: Places, marks: Marks): Found[] {
  const found = new Map<string, Found>();
  for (const [where, contents] of places) {
    const all = Buffer.concat(contents.flatMap((content) => [Buffer.from(content), Buffer.from('\n')]));
    for (const find of marks.find(all)) {
      found.set(`${where} < ${find.sentAs} (${find.kind}, ${find.spelling})`, { where, ...find });
    }
  }
  return [...found].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, each]) => each);
}

/** All of them: it names no table at which to go on. */
const Names = v.object({ TableNames: v.array(v.string()), LastEvaluatedTableName: v.optional(v.null()) });
const Page = v.object({
  Items: v.array(v.record(v.string(), v.unknown())),
  LastEvaluatedKey: v.optional(v.record(v.string(), v.unknown())),
});
const mostPages = 100;

/** `payments.metadata`: each attribute of each item of each table. Its name in DynamoDB is cut to the table's own. */
export async function tablePlaces(engine: EngineClient, prefix: string): Promise<Places> {
  const places: Places = new Map();
  const { TableNames } = v.parse(Names, await engine.call('DynamoDB_20120810.ListTables', {}));
  for (const TableName of TableNames) {
    let ExclusiveStartKey: Record<string, unknown> | undefined;
    for (let pages = 0; ; pages += 1) {
      if (pages === mostPages) throw new Error(`${TableName} has more than the search reads`);
      const input = { TableName, ...(ExclusiveStartKey && { ExclusiveStartKey }) };
      const page = v.parse(Page, await engine.call('DynamoDB_20120810.Scan', input));
      for (const item of page.Items) attributes(places, TableName.replace(prefix, ''), item);
      ExclusiveStartKey = page.LastEvaluatedKey;
      if (ExclusiveStartKey === undefined) break;
    }
  }
  return places;
}

/** The names of our own attributes; a caller's own, in its metadata, are content and must not be told. */
const ours = /^[a-z][a-z_]{1,30}$/;

function attributes(places: Places, where: string, item: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(item)) {
    const [[type, held] = ['', '']] = Object.entries(v.parse(v.record(v.string(), v.unknown()), value));
    const place = ours.test(name) ? `${where}.${name}` : where;
    put(places, place, name);
    if (type === 'M' && /(?:^|\.)(?:data|fact|reply)$/.test(place)) {
      attributes(places, place, v.parse(v.record(v.string(), v.unknown()), held));
    } else for (const text of leaves(type, held)) put(places, place, text);
  }
}

function* leaves(type: string, held: unknown): Generator<Content> {
  if (type === 'B') yield Buffer.from(String(held), 'base64');
  else if (type === 'BS') for (const each of v.parse(v.array(v.string()), held)) yield Buffer.from(each, 'base64');
  else if (type === 'L' || type === 'M') {
    for (const [name, value] of Object.entries(v.parse(v.any(), held) as object)) {
      yield name;
      for (const [innerType, inner] of Object.entries(value as object)) yield* leaves(innerType, inner);
    }
  } else yield JSON.stringify(held) ?? '';
}

/** What each file is; the first that fits. */
const kinds: readonly (readonly [RegExp, string])[] = [
  [/^dynamodb.*-(us|eu)\b.*/, 'engine $1'],
  [/^queues-(\w+)\.journal/, 'queue $1'],
  [/^bus-(\w+)\.jsonl$/, 'bus $1'],
  [/^failed-(\w+)\/.*/, 'bucket $1'],
  [/^logs\/([\w-]+)\.log$/, 'log $1'],
  [/^processor-ledger$/, 'ledger'],
];

/** In CloudWatch's embedded format. */
const isMetric = (line: string): boolean => line.startsWith('{"_aws"');

/** When each file was last written: what is not written again holds nothing of what came later. */
export type Written = ReadonlyMap<string, string>;

export function written(state: string): Written {
  const files = readdirSync(state, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  return new Map(
    files.flatMap(({ parentPath, name }): [string, string][] => {
      const path = join(parentPath, name);
      // While it runs, files of a moment come and go.
      const found = statSync(path, { throwIfNoEntry: false });
      return found === undefined ? [] : [[path, `${found.mtimeMs} ${found.size}`]];
    }),
  );
}

/** Byte by byte; log lines and metrics, which lie in one file, apart. */
export function filePlaces(state: string, before: Written): Places {
  const places: Places = new Map();
  for (const [path, stamp] of written(state)) {
    if (before.get(path) === stamp) continue;
    const name = relative(state, path);
    const [form, label] = kinds.find(([one]) => one.test(name)) ?? [];
    const where = form === undefined || label === undefined ? `file ${name}` : name.replace(form, label);
    const content = readFileSync(path);
    if (!where.startsWith('log ')) {
      put(places, where, content);
      continue;
    }
    const lines = content.toString().split('\n');
    const metrics = lines.filter(isMetric);
    put(places, where, lines.filter((line) => !isMetric(line)).join('\n'));
    if (metrics.length > 0) put(places, where.replace('log', 'metric'), metrics.join('\n'));
  }
  return places;
}
