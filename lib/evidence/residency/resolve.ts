// Resolves intrinsic functions to the text that CloudFormation will put there, strictly: what only a deployment decides, and every
// function that is not known here, is an error. A resource of the same template is `<construct>` or `<construct.attribute>`.

import { type Json, nameOf, type StackTemplate, type ZoneTemplates } from '../template.ts';

export class Unresolved extends Error {}

type Zone = Pick<ZoneTemplates, 'id' | 'account' | 'stacks'> & {
  /** Of the zone's other region. */
  readonly otherRegion?: Pick<ZoneTemplates, 'stacks'> | undefined;
};

/** Of CloudFormation, and nothing about where anything is. */
const placeless = ['AWS::NoValue', 'AWS::StackId', 'AWS::StackName'];

const pseudo = ({ region }: StackTemplate, name: string): string | undefined =>
  placeless.includes(name)
    ? `<${name}>`
    : {
        'AWS::AccountId': '<account>',
        'AWS::Partition': 'aws',
        'AWS::Region': region,
        'AWS::URLSuffix': 'amazonaws.com',
      }[name];

/** Whoever deploys may give a parameter another value; these two are addresses, which residency says nothing about (types.ts). */
export const addressParameters = ['BaseUrls', 'TestProcessorUrl', 'OtherRegionUrl'];

function referred(stack: StackTemplate, name: string, attribute?: string): string {
  const known = pseudo(stack, name);
  if (known !== undefined) return known;
  if (stack.template.Resources?.[name] !== undefined) {
    const path = stack.paths.get(name);
    const construct = path === undefined ? `${stack.name}/${name}` : nameOf(path);
    return attribute === undefined ? `<${construct}>` : `<${construct}.${attribute}>`;
  }
  if (stack.template.Parameters?.[name] !== undefined && addressParameters.includes(name)) return `<parameter ${name}>`;
  throw new Unresolved(`${name} is decided at deployment`);
}

/** Every text that can be made of one possibility of each part. */
const combined = (parts: readonly (readonly string[])[], delimiter: string): string[] =>
  parts.length === 0
    ? ['']
    : parts
        .slice(1)
        .reduce<string[]>(
          (texts, part) => texts.flatMap((text) => part.map((each) => `${text}${delimiter}${each}`)),
          [...(parts[0] ?? [])],
        );

function substituted(zone: Zone, stack: StackTemplate, value: Json): string[] {
  const [template, variables]: [string, Json] = Array.isArray(value) ? [value[0], value[1]] : [value, {}];
  const parts = template.split(/(\$\{[^!}][^}]*\})/).map((part) => {
    const name = /^\$\{([^!}][^}]*)\}$/.exec(part)?.[1];
    if (name === undefined) return [part.replaceAll('${!', '${')];
    if (variables !== undefined && name in variables) return textsOf(zone, stack, variables[name]);
    const [logicalId = '', ...attribute] = name.split('.');
    return [referred(stack, logicalId, attribute.length > 0 ? attribute.join('.') : undefined)];
  });
  return combined(parts, '');
}

function outputOf(zone: Zone, value: Json): string[] {
  const { StackName, OutputName, Region, ...others } = value;
  if (typeof StackName !== 'string' || typeof Region !== 'string' || Object.keys(others).length > 0) {
    throw new Unresolved('an output of a stack that is not named');
  }
  // The stacks of both regions have the same names.
  const [id] = zone.id.split('/');
  const other = [...zone.stacks.values(), ...(zone.otherRegion?.stacks.values() ?? [])].find(
    ({ name, region }) => region === Region && StackName === `strongroom-${id}-${name.split('/').at(-1)}`,
  );
  if (other === undefined)
    throw new Unresolved(`an output of ${StackName} in ${Region}, which is no stack of the zone`);
  const output = other.template.Outputs?.[OutputName];
  if (output === undefined) throw new Unresolved(`${StackName} has no output ${OutputName}`);
  return textsOf(zone, other, output.Value);
}

const mapped = (zone: Zone, stack: StackTemplate, [map, first, second]: Json): string[] => {
  const [one, ...others] = textsOf(zone, stack, first).flatMap((top) =>
    textsOf(zone, stack, second).map((name) => stack.template.Mappings?.[map]?.[top]?.[name]),
  );
  if (others.length > 0 || typeof one !== 'string') throw new Unresolved(`no text is in the mapping ${map}`);
  return [one];
};

const selected = (zone: Zone, stack: StackTemplate, [index, list]: Json): string[] => {
  const split = list?.['Fn::Split'];
  const whole = split === undefined ? [] : textsOf(zone, stack, split[1]);
  // A part of what AWS names a resource of the zone: an ARN, of which each part is the zone's own.
  if (whole.length > 0 && whole.every((text) => /^<[^<>]+>$/.test(text)))
    return whole.map((text) => `<part of ${text.slice(1)}`);
  const values: Json[] = Array.isArray(list) ? list : whole.flatMap((text) => text.split(split[0]));
  const value = values[Number(index)];
  if (value === undefined) throw new Unresolved('selects from what is not known');
  return textsOf(zone, stack, value);
};

/** Whether it is an intrinsic function: an object of one name that CloudFormation reads as a function. */
export const isIntrinsic = (value: Json): boolean => {
  const names = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
  return names.length === 1 && /^(Ref$|Fn::|Condition$)/.test(names[0] ?? '') && !isCondition(value);
};

/** A policy's `Condition`, which is not CloudFormation's. */
const isCondition = (value: Json): boolean => typeof value.Condition === 'object';

/** All texts that the value may become. */
export function textsOf(zone: Zone, stack: StackTemplate, value: Json): string[] {
  if (typeof value !== 'object' || value === null) {
    const text = String(value);
    return [zone.account === undefined ? text : text.replaceAll(zone.account, '<account>')];
  }
  const [[name, argument] = ['', undefined]] = Object.entries(value as Record<string, Json>);
  switch (name) {
    case 'Ref':
      return [referred(stack, argument)];
    case 'Fn::GetAtt': {
      const [logicalId = '', ...attribute] = [argument].flat().join('.').split('.');
      return [referred(stack, logicalId, attribute.join('.'))];
    }
    case 'Fn::Join': {
      const [delimiter, parts] = argument;
      if (!Array.isArray(parts)) throw new Unresolved('joins what is not known');
      return combined(
        parts.map((part: Json) => textsOf(zone, stack, part)),
        delimiter,
      );
    }
    case 'Fn::Sub':
      return substituted(zone, stack, argument);
    case 'Fn::GetStackOutput':
      return outputOf(zone, argument);
    case 'Fn::If':
      return [...textsOf(zone, stack, argument[1]), ...textsOf(zone, stack, argument[2])];
    case 'Fn::Select':
      return selected(zone, stack, argument);
    case 'Fn::FindInMap':
      return mapped(zone, stack, argument);
    default:
      throw new Unresolved(`${name} cannot be resolved`);
  }
}
