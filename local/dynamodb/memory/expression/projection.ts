// The part of an item that paths name (DynamoDB developer guide, "Projection expressions"). Elements of a list come back
// one after another, without the gaps between them.

import { type AttributeValue, attribute, type Item, type ItemDraft, setAttribute } from '../value.ts';
import { resolved, topLevel } from './paths.ts';
import type { Bound } from './placeholders.ts';
import type { Path, Step } from './syntax.ts';

/** What is wanted of a value: all of it (undefined), or parts. */
type Wanted = Map<Step, Wanted> | undefined;

const treeOf = (paths: readonly Path[], names: Bound['names']): Map<Step, Wanted> => {
  const tree = new Map<Step, Wanted>();
  for (const path of paths) {
    let here: Map<Step, Wanted> = tree;
    path.forEach((step, at) => {
      const name = resolved(step, names);
      if (at === path.length - 1) here.set(name, undefined);
      else {
        const next = here.get(name) ?? new Map<Step, Wanted>();
        here.set(name, next);
        here = next;
      }
    });
  }
  return tree;
};

const part = (value: AttributeValue | undefined, wanted: Wanted): AttributeValue | undefined => {
  if (value === undefined || wanted === undefined) return value;
  if (value.M !== undefined) {
    const M = partOfMap(value.M, wanted);
    return Object.keys(M).length === 0 ? undefined : { M };
  }
  if (value.L === undefined) return undefined;
  const all = value.L;
  const L = [...wanted]
    .filter((each): each is [number, Wanted] => typeof each[0] === 'number')
    .sort(([one], [other]) => one - other)
    .map(([index, more]) => part(all[index], more))
    .filter((each) => each !== undefined);
  return L.length === 0 ? undefined : { L };
};

const partOfMap = (map: Item, wanted: ReadonlyMap<Step, Wanted>): ItemDraft => {
  const found: ItemDraft = {};
  for (const [step, more] of wanted) {
    const value = typeof step === 'string' ? part(attribute(map, step), more) : undefined;
    if (value !== undefined) setAttribute(found, String(step), value);
  }
  return found;
};

export const project = (item: Item, paths: readonly Path[], names: Bound['names']): Item => {
  if (paths.some((path) => path.length > 1)) return partOfMap(item, treeOf(paths, names));
  const found: ItemDraft = {};
  for (const path of paths) {
    const name = topLevel(path, names);
    const value = attribute(item, name);
    if (value !== undefined) setAttribute(found, name, value);
  }
  return found;
};

/** Only these attributes. */
export const pick = (item: Item, names: readonly string[]): Item => {
  const found: ItemDraft = {};
  for (const name of names) {
    const value = attribute(item, name);
    if (value !== undefined) setAttribute(found, name, value);
  }
  return found;
};
