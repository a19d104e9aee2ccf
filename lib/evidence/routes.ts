// Which route a method of a template serves, and with which function: read from the template alone.

import type { Json, Resource, ZoneTemplates } from './reading.ts';

export interface Route {
  readonly method: string;
  readonly path: string;
  /** Name of the function's construct. */
  readonly served: string;
}

const pathOf = (zone: Pick<ZoneTemplates, 'resources'>, id: Json): string => {
  const resource = zone.resources.find(({ type, name }) => type === 'AWS::ApiGateway::Resource' && name === id);
  return resource === undefined ? '' : `${pathOf(zone, resource.p.ParentId)}/${resource.p.PathPart}`;
};

export const routeOf = (zone: Pick<ZoneTemplates, 'resources'>, { p }: Resource): Route => ({
  method: String(p.HttpMethod),
  path: pathOf(zone, p.ResourceId),
  served: /functions\/(\S+?)\.Arn\/invocations/.exec(String(p.Integration?.Uri))?.[1] ?? 'nothing known',
});
