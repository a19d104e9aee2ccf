// Finds the route of a request as API Gateway does: literal segments win over parameters, which win over `{proxy+}`.
// Parameters are percent-decoded once.

import type { Route } from './model.ts';
import { decode } from './request.ts';

export interface Match {
  readonly route: Route;
  readonly pathParameters: Readonly<Record<string, string>> | null;
}

/** Lower is better: literals, then parameters, then greedy ones, compared from the left. */
const rank = (segment: string): string => (segment.endsWith('+}') ? '2' : segment.startsWith('{') ? '1' : '0');

const nameOf = (segment: string): string => segment.slice(1, segment.endsWith('+}') ? -2 : -1);

const matchSegments = (route: Route, parts: readonly string[]): Record<string, string> | undefined => {
  const found: Record<string, string> = {};
  const greedy = route.segments.at(-1)?.endsWith('+}') === true;
  if (greedy ? parts.length < route.segments.length : parts.length !== route.segments.length) return undefined;
  for (const [at, segment] of route.segments.entries()) {
    const isGreedy = greedy && at === route.segments.length - 1;
    const value = decode(isGreedy ? parts.slice(at).join('/') : (parts[at] ?? ''));
    if (value === undefined) return undefined;
    if (!segment.startsWith('{')) {
      if (segment !== value) return undefined;
    } else if (value === '') return undefined;
    else found[nameOf(segment)] = value;
  }
  return found;
};

export const createRouter = (routes: readonly Route[]): ((method: string, path: string) => Match | undefined) => {
  const rankOf = (route: Route): string => route.segments.map(rank).join('');
  const sorted = [...routes].sort((a, b) => rankOf(a).localeCompare(rankOf(b)));
  return (method, path) => {
    const parts = path.split('/').slice(1);
    let resource: string | undefined;
    let any: Match | undefined;
    for (const route of sorted) {
      // The resource is chosen by its path alone, and only then its method.
      if (resource !== undefined && route.resource !== resource) continue;
      const found = matchSegments(route, parts);
      if (found === undefined) continue;
      resource = route.resource;
      const match = { route, pathParameters: Object.keys(found).length === 0 ? null : found };
      if (route.method === method) return match;
      if (route.method === 'ANY') any = match;
    }
    return any;
  };
};
