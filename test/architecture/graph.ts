// The imports of all sources as a graph: what a file imports directly or through others, and which imports form cycles.

import type { Import, Source } from './sources.ts';

export type Sources = ReadonlyMap<string, Source>;

/**
 * Everything that `from` imports, directly or through other files: files and packages, each with the shortest chain of
 * imports that leads to it. Only imports that `followed` accepts count.
 */
export function reach(
  sources: Sources,
  from: string,
  followed: (one: Import) => boolean = () => true,
): ReadonlyMap<string, readonly string[]> {
  const chains = new Map<string, readonly string[]>([[from, [from]]]);
  // A Map is iterated in the order of insertion, also over what the loop adds: breadth first, so the first chain is shortest.
  for (const [path, chain] of chains) {
    for (const one of sources.get(path)?.imports ?? []) {
      if (followed(one) && !chains.has(one.target)) chains.set(one.target, [...chain, one.target]);
    }
  }
  return chains;
}

/** The shortest cycle of each strongly connected component, and the number of files in the component. */
export function cycles(sources: Sources): { readonly path: readonly string[]; readonly files: number }[] {
  return components(sources).map((component) => {
    const inside = new Map([...sources].filter(([path]) => component.has(path)));
    const candidates = [...component].flatMap((path) => {
      const chains = reach(inside, path);
      const last = [...component].filter((one) => inside.get(one)?.imports.some(({ target }) => target === path));
      return last.map((one) => [...(chains.get(one) ?? []), path]);
    });
    const [path = []] = candidates.sort((a, b) => a.length - b.length);
    return { path, files: component.size };
  });
}

/** Strongly connected components of more than one file (Tarjan's algorithm). */
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
