// Document paths (DynamoDB developer guide, "Referring to item attributes when using expressions"): finding what one
// names, and refusing two that name parts of the same thing.

import { invalid } from '../error.ts';
import { type AttributeValue, attribute, type Item } from '../value.ts';
import type { Bound } from './placeholders.ts';
import type { Path, Step } from './syntax.ts';

/** `#` can't begin a name in an expression. */
export const resolved = <Kind extends Step>(step: Kind, names: Bound['names']): Kind | string =>
  typeof step === 'string' && step.charCodeAt(0) === 35 ? (names[step] ?? step) : step;

export const topLevel = (path: Path, names: Bound['names']): string => resolved<string>(path[0], names);

export const valueAt = (item: Item, path: Path, names: Bound['names']): AttributeValue | undefined => {
  let value = attribute(item, topLevel(path, names));
  for (let at = 1; at < path.length && value !== undefined; at += 1) {
    const step = resolved(path[at] ?? 0, names);
    if (typeof step === 'number') value = value.L?.[step];
    else value = value.M === undefined ? undefined : attribute(value.M, step);
  }
  return value;
};

const shown = (steps: readonly Step[]): string =>
  `[${steps.map((step) => (typeof step === 'number' ? `[${step}]` : step)).join(', ')}]`;

/** Of two different paths neither may contain the other, nor may one thing be a map to one and a list to the other. */
export const refuseOverlaps = (paths: readonly Path[], names: Bound['names'], kind: string): void => {
  if (paths.length < 2) return;
  const all = paths.map((path) => path.map((step) => resolved(step, names)));
  for (let one = 0; one < all.length; one += 1) {
    for (let other = one + 1; other < all.length; other += 1) {
      const [a = [], b = []] = [all[one], all[other]];
      let at = 0;
      while (at < a.length && at < b.length && a[at] === b[at]) at += 1;
      const overlap = at === a.length || at === b.length;
      const conflict = !overlap && at > 0 && typeof a[at] !== typeof b[at];
      if (!overlap && !conflict) continue;
      throw invalid(
        `Invalid ${kind}: Two document paths ${overlap ? 'overlap' : 'conflict'} with each other; must remove or rewrite one of these paths; path one: ${shown(a)}, path two: ${shown(b)}`,
      );
    }
  }
};
