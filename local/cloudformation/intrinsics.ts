// Evaluates CloudFormation's intrinsic functions (AWS CloudFormation template reference). Closed: a function that is not
// here is refused with a UserError, never passed through as a value.

import { UserError } from '../host/user_error.ts';

/** What the functions look things up in. */
export interface Scope {
  /** Names the stack, for messages. */
  readonly where: string;
  ref(name: string): unknown;
  getAtt(logicalId: string, attribute: string): unknown;
  importValue(name: string): unknown;
  stackOutput(stack: string, output: string, region: string | undefined): unknown;
  mapping(map: string, top: string, second: string): unknown;
  condition(name: string): boolean;
}

/** `AWS::NoValue`: the property that holds it doesn't exist. */
export const noValue = Symbol('AWS::NoValue');

const asText = (value: unknown, what: string, scope: Scope): string => {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new UserError(`${scope.where}: ${what} needs text, not ${JSON.stringify(value)}.`);
};

const asList = (value: unknown, what: string, scope: Scope): readonly unknown[] => {
  if (Array.isArray(value)) return value;
  throw new UserError(`${scope.where}: ${what} needs a list, not ${JSON.stringify(value)}.`);
};

const split2 = (dotted: string): [string, string] => {
  const dot = dotted.indexOf('.');
  return [dotted.slice(0, dot), dotted.slice(dot + 1)];
};

const getAtt = (argument: unknown, scope: Scope): unknown => {
  const [logicalId, attribute] =
    typeof argument === 'string' ? split2(argument) : asList(argument, 'Fn::GetAtt', scope);
  return scope.getAtt(asText(logicalId, 'Fn::GetAtt', scope), asText(resolve(attribute, scope), 'Fn::GetAtt', scope));
};

const join = (argument: unknown, scope: Scope): string => {
  const [delimiter, values] = asList(argument, 'Fn::Join', scope);
  const parts = asList(resolve(values, scope), 'Fn::Join', scope);
  return parts.map((part) => asText(part, 'Fn::Join', scope)).join(asText(delimiter, 'Fn::Join', scope));
};

const sub = (argument: unknown, scope: Scope): string => {
  const [template, variables] = Array.isArray(argument) ? argument : [argument, {}];
  const own = resolve(variables, scope) as Record<string, unknown>;
  return asText(template, 'Fn::Sub', scope).replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
    if (literal !== '') return `\${${name}}`;
    if (Object.hasOwn(own, name)) return asText(own[name], 'Fn::Sub', scope);
    return asText(name.includes('.') ? scope.getAtt(...split2(name)) : scope.ref(name), 'Fn::Sub', scope);
  });
};

const select = (argument: unknown, scope: Scope): unknown => {
  const [index, list] = asList(argument, 'Fn::Select', scope);
  const values = asList(resolve(list, scope), 'Fn::Select', scope);
  const value = values[Number(resolve(index, scope))];
  if (value === undefined) throw new UserError(`${scope.where}: Fn::Select finds nothing at ${JSON.stringify(index)}.`);
  return value;
};

const getStackOutput = (argument: unknown, scope: Scope): unknown => {
  const of = resolve(argument, scope) as Record<string, unknown>;
  const region = of.Region === undefined ? undefined : asText(of.Region, 'Fn::GetStackOutput', scope);
  return scope.stackOutput(
    asText(of.StackName, 'Fn::GetStackOutput', scope),
    asText(of.OutputName, 'Fn::GetStackOutput', scope),
    region,
  );
};

const truth = (value: unknown, scope: Scope): boolean => {
  if (typeof value === 'object' && value !== null && 'Condition' in value) {
    return scope.condition(asText(value.Condition, 'Condition', scope));
  }
  const found = resolve(value, scope);
  if (found === true || found === 'true') return true;
  if (found === false || found === 'false') return false;
  throw new UserError(`${scope.where}: ${JSON.stringify(value)} is no condition.`);
};

const functions: Readonly<Record<string, (argument: unknown, scope: Scope) => unknown>> = {
  Ref: (argument, scope) => scope.ref(asText(argument, 'Ref', scope)),
  'Fn::GetAtt': getAtt,
  'Fn::Join': join,
  'Fn::Sub': sub,
  'Fn::Select': select,
  'Fn::Split': (argument, scope) => {
    const [delimiter, text] = asList(argument, 'Fn::Split', scope);
    return asText(resolve(text, scope), 'Fn::Split', scope).split(asText(delimiter, 'Fn::Split', scope));
  },
  'Fn::ImportValue': (argument, scope) => scope.importValue(asText(resolve(argument, scope), 'Fn::ImportValue', scope)),
  'Fn::GetStackOutput': getStackOutput,
  'Fn::FindInMap': (argument, scope) => {
    const [map, top, second] = asList(resolve(argument, scope), 'Fn::FindInMap', scope).map((key) =>
      asText(key, 'Fn::FindInMap', scope),
    );
    return scope.mapping(map ?? '', top ?? '', second ?? '');
  },
  'Fn::If': (argument, scope) => {
    const [condition, then, otherwise] = asList(argument, 'Fn::If', scope);
    return resolve(scope.condition(asText(condition, 'Fn::If', scope)) ? then : otherwise, scope);
  },
  'Fn::Equals': (argument, scope) => {
    const [left, right] = asList(resolve(argument, scope), 'Fn::Equals', scope);
    return JSON.stringify(left) === JSON.stringify(right);
  },
  'Fn::Not': (argument, scope) => !asList(argument, 'Fn::Not', scope).some((each) => truth(each, scope)),
  'Fn::And': (argument, scope) => asList(argument, 'Fn::And', scope).every((each) => truth(each, scope)),
  'Fn::Or': (argument, scope) => asList(argument, 'Fn::Or', scope).some((each) => truth(each, scope)),
};

/** The value with every intrinsic function in it evaluated; `noValue` where the whole of it doesn't exist. */
export const resolve = (value: unknown, scope: Scope): unknown => {
  if (Array.isArray(value)) return value.map((each) => resolve(each, scope)).filter((each) => each !== noValue);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only !== undefined && (only[0] === 'Ref' || only[0].startsWith('Fn::'))) {
    const intrinsic = functions[only[0]];
    if (intrinsic === undefined) throw new UserError(`${scope.where}: ${only[0]} is not run locally.`);
    return intrinsic(only[1], scope);
  }
  return Object.fromEntries(
    entries.flatMap(([key, each]) => {
      const found = resolve(each, scope);
      return found === noValue ? [] : [[key, found]];
    }),
  );
};
