// Parses each text once: callers use few texts many times. The cache is bounded.

import { readCondition } from './condition_grammar.ts';
import { Reader } from './reader.ts';
import type { Condition, Parsed, Path, Update } from './syntax.ts';
import { readUpdate } from './update_grammar.ts';

const maxCached = 4_096;

const remembering = <Tree>(kind: string, read: (reader: Reader) => Tree) => {
  const cache = new Map<string, Parsed<Tree>>();
  return (text: string): Parsed<Tree> => {
    const known = cache.get(text);
    if (known !== undefined) return known;
    const reader = new Reader(text, kind);
    const parsed = reader.done(read(reader));
    if (cache.size >= maxCached) cache.clear();
    cache.set(text, parsed);
    return parsed;
  };
};

const readPaths = (reader: Reader): readonly Path[] => {
  const paths = [reader.path()];
  while (reader.take(',')) paths.push(reader.path());
  return paths;
};

export type ParsedCondition = Parsed<Condition>;
export type ParsedUpdate = Parsed<Update>;
export type ParsedProjection = Parsed<readonly Path[]>;

export const parseCondition = remembering('ConditionExpression', readCondition);
export const parseFilter = remembering('FilterExpression', readCondition);
export const parseKeyCondition = remembering('KeyConditionExpression', readCondition);
export const parseUpdate = remembering('UpdateExpression', readUpdate);
export const parseProjection = remembering('ProjectionExpression', readPaths);
