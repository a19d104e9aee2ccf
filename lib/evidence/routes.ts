// The route of a method in a template, and the function that serves it: read from the template alone.

import { type Json, ofType, type Resource, type ZoneTemplates } from './template.ts';

export interface Route {
  readonly method: string;
  readonly path: string;
  /** Name of the function's construct. */
  readonly served: string;
}

const pathOf = (zone: ZoneTemplates, id: Json): string => {
  const resource = ofType(zone, 'AWS::ApiGateway::Resource').find(({ name }) => name === id);
  return resource === undefined ? '' : `${pathOf(zone, resource.p.ParentId)}/${resource.p.PathPart}`;
};

/** The function that an ARN stands for: of its own stack by reference, of another by its physical name. */
export const functionAt = (zone: ZoneTemplates, arn: Json): Resource | undefined =>
  ofType(zone, 'AWS::Lambda::Function').find(
    ({ name, p }) =>
      arn === `${name}.Arn` || arn === `arn:aws:lambda:${zone.region}:<account>:function:${p.FunctionName}`,
  );

/** Name of the construct of the function that API Gateway invokes at this URI. */
export const invokedAt = (zone: ZoneTemplates, uri: Json): string => {
  const [, arn] = /:lambda:path\/2015-03-31\/functions\/(\S+)\/invocations$/.exec(String(uri)) ?? [];
  return functionAt(zone, arn)?.name ?? 'nothing known';
};

export const routeOf = (zone: ZoneTemplates, { p }: Resource): Route => ({
  method: String(p.HttpMethod),
  path: pathOf(zone, p.ResourceId),
  served: invokedAt(zone, p.Integration?.Uri),
});
