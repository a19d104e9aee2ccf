// The route of a method in a template, and the function that serves it: read from the template alone.

import { type Json, ofType, type Resource, type ZoneTemplates } from './template.ts';

export interface Route {
  readonly method: string;
  readonly path: string;
  /** Name of the function's construct. */
  readonly served: string;
  readonly called: Called | undefined;
}

const pathOf = (zone: ZoneTemplates, id: Json): string => {
  const resource = ofType(zone, 'AWS::ApiGateway::Resource').find(({ name }) => name === id);
  return resource === undefined ? '' : `${pathOf(zone, resource.p.ParentId)}/${resource.p.PathPart}`;
};

/** What a call reaches: a function as it was last changed, or what one of its aliases stands for. */
export interface Called {
  readonly function: Resource;
  readonly alias: Resource | undefined;
}

/** What an ARN stands for: of its own stack by reference, of another by its physical name. */
export function calledAt(zone: ZoneTemplates, arn: Json): Called | undefined {
  for (const each of ofType(zone, 'AWS::Lambda::Function')) {
    const named = `arn:aws:lambda:${zone.region}:<account>:function:${each.p.FunctionName}`;
    if (arn === `${each.name}.Arn` || arn === named) return { function: each, alias: undefined };
    const alias = ofType(zone, 'AWS::Lambda::Alias').find(
      ({ name, p }) => p.FunctionName === each.name && (arn === name || arn === `${named}:${p.Name}`),
    );
    if (alias !== undefined) return { function: each, alias };
  }
  return undefined;
}

export const functionAt = (zone: ZoneTemplates, arn: Json): Resource | undefined => calledAt(zone, arn)?.function;

/** What API Gateway calls at this URI. */
export const invokedAt = (zone: ZoneTemplates, uri: Json): Called | undefined => {
  const [, arn] = /:lambda:path\/2015-03-31\/functions\/(\S+)\/invocations$/.exec(String(uri)) ?? [];
  return calledAt(zone, arn);
};

/** As the evidence writes it: `functions/payments`, or `functions/payments by live`. */
export const calledName = (called: Called | undefined): string =>
  called === undefined
    ? 'nothing known'
    : `${called.function.name}${called.alias === undefined ? '' : ` by ${called.alias.p.Name}`}`;

export const routeOf = (zone: ZoneTemplates, { p }: Resource): Route => {
  const called = invokedAt(zone, p.Integration?.Uri);
  return {
    method: String(p.HttpMethod),
    path: pathOf(zone, p.ResourceId),
    served: called?.function.name ?? 'nothing known',
    called,
  };
};
