// The imports of all sources as a graph: what a file reaches, and where an import comes back to itself.

import type { Import, Source } from './sources.ts';

export type Sources = ReadonlyMap<string, Source>;

/**
 * All that `from` reaches over the imports that `followed` lets pass, files and packages, each with the way to it. The
 * shortest way, because files are visited in the order of their distance.
 */
export function reach(sources: Sources, from: string, followed: (one: Import) => boolean = () => true) {
  const ways = new Map<string, readonly string[]>([[from, [from]]]);
  for (const [path, way] of ways) {
    for (const one of sources.get(path)?.imports ?? []) {
      if (followed(one) && !ways.has(one.target)) ways.set(one.target, [...way, one.target]);
    }
  }
  return ways;
}

/** One cycle of each group of files that import each other, the shortest one, and how many files are in the group. */
export function cycles(sources: Sources): { readonly path: readonly string[]; readonly files: number }[] {
  return components(sources).map((component) => {
    const inside = new Map([...sources].filter(([path]) => component.has(path)));
    const rounds = [...component].flatMap((path) => {
      const ways = reach(inside, path);
      const last = [...component].filter((one) => inside.get(one)?.imports.some(({ target }) => target === path));
      return last.map((one) => [...(ways.get(one) ?? []), path]);
    });
    const [path = []] = rounds.sort((a, b) => a.length - b.length);
    return { path, files: component.size };
  });
}

/** Groups of more than one file in which each file reaches each other (Tarjan's algorithm). */
function components(sources: Sources): Set<string>[] {
  const found: Set<string>[] = [];
  const index = new Map<string, number>();
  const stack: string[] = [];
  const visit = (path: string): number => {
    const own = index.size;
    index.set(path, own);
    stack.push(path);
    let low = own;
    for (const { target } of sources.get(path)?.imports ?? []) {
      if (!sources.has(target)) continue;
      if (!index.has(target)) low = Math.min(low, visit(target));
      else if (stack.includes(target)) low = Math.min(low, index.get(target) ?? own);
    }
    if (low === own) {
      const component = stack.splice(stack.indexOf(path));
      if (component.length > 1) found.push(new Set(component));
    }
    return low;
  };
  for (const path of sources.keys()) if (!index.has(path)) visit(path);
  return found;
}
