// The functions of a zone, wherever they stand: in the stack of functions or, when they are given ids of the API, in the
// API's own. What belongs to a function stands in its stack.

import type { FunctionName } from '../../contract/capabilities.ts';
import { plain } from './plain.ts';
import { ofType, only, type Resource, type StackName, type Zone } from './templates.ts';

export const functionStacks = ['functions', 'api'] as const satisfies readonly StackName[];

export interface Found {
  readonly stack: (typeof functionStacks)[number];
  readonly id: string;
  readonly resource: Resource;
  readonly properties: Resource['Properties'];
}

export const inFunctionStacks = (zone: Zone, type: string): Found[] =>
  functionStacks.flatMap((stack) =>
    ofType(zone[stack], type).map(([id, resource]) => ({ stack, id, resource, properties: resource.Properties })),
  );

export const lambdas = (zone: Zone): Found[] => inFunctionStacks(zone, 'AWS::Lambda::Function');

export const functionOf = (zone: Zone, name: FunctionName): Found =>
  only(
    lambdas(zone).filter(
      ({ properties }) => properties.FunctionName === `strongroom-${zone.stage}-${zone.zone}-${name}`,
    ),
  );

/** A property of what was found, as text that CloudFormation will put there. */
export const plainOf = (zone: Zone, { stack }: Found, value: unknown): unknown => plain(zone, stack, value);

/** What of this type is about the function, by the property that refers to it. */
export const ofFunction = (zone: Zone, name: FunctionName, type: string): Found[] => {
  const { stack, id } = functionOf(zone, name);
  return inFunctionStacks(zone, type).filter((each) => each.stack === stack && each.properties.FunctionName.Ref === id);
};
