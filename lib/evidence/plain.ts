// Turns intrinsic functions into text like the value that CloudFormation will put there: constructs by their path, accounts
// never by their number. The same template always gives the same text.

import { type Json, nameOf, type StackTemplate, type ZoneTemplates } from './template.ts';

type Zone = Pick<ZoneTemplates, 'id' | 'region' | 'account' | 'stacks' | 'otherRegion'>;

const pseudo = ({ region }: StackTemplate, name: string): string | undefined =>
  ({
    'AWS::AccountId': '<account>',
    'AWS::Partition': 'aws',
    'AWS::Region': region,
    'AWS::URLSuffix': 'amazonaws.com',
  })[name];

const named = (stack: StackTemplate, logicalId: string, attribute?: string): string => {
  const known = pseudo(stack, logicalId);
  if (known !== undefined) return known;
  const path = stack.paths.get(logicalId);
  const name = path === undefined ? `${stack.name}/${logicalId}` : nameOf(path);
  return attribute === undefined ? name : `${name}.${attribute}`;
};

function substituted(zone: Zone, stack: StackTemplate, value: Json): string {
  const [template, variables] = Array.isArray(value) ? value : [value, {}];
  return template.replaceAll(/\$\{([^!}][^}]*)\}/g, (_: string, name: string) => {
    if (name in variables) return String(plain(zone, stack, variables[name]));
    const [logicalId = '', ...attribute] = name.split('.');
    return named(stack, logicalId, attribute.length > 0 ? attribute.join('.') : undefined);
  });
}

/** How a text says that it is of the zone's other region. */
export const ofOtherRegion = (region: string, text: string): string => `${region}/${text}`;

function outputOf(zone: Zone, { StackName, OutputName, Region }: Json): Json {
  const [id] = zone.id.split('/');
  const within = Region === undefined || Region === zone.region ? zone : zone.otherRegion;
  const stack = [...(within?.stacks.values() ?? [])].find(({ name }) => String(StackName).endsWith(`-${id}-${name}`));
  if (within === undefined || stack === undefined) return `<output ${OutputName} of ${StackName}>`;
  const value = plain({ ...zone, ...within }, stack, stack.template.Outputs?.[OutputName]?.Value);
  return within === zone ? value : ofOtherRegion(within.region, value);
}

export function plain(zone: Zone, stack: StackTemplate, value: Json): Json {
  // The account of a configuration is as secret as one that only AWS knows.
  if (typeof value === 'string') {
    return zone.account === undefined ? value : value.replaceAll(zone.account, '<account>');
  }
  if (Array.isArray(value)) return value.map((each) => plain(zone, stack, each));
  if (typeof value !== 'object' || value === null) return value;
  if ('Ref' in value) return named(stack, value.Ref);
  if ('Fn::GetAtt' in value) {
    const [logicalId, ...attribute] = [value['Fn::GetAtt']].flat().join('.').split('.');
    return named(stack, logicalId ?? '', attribute.join('.'));
  }
  if ('Fn::Join' in value) {
    const [delimiter, parts] = value['Fn::Join'];
    return [plain(zone, stack, parts)].flat().join(delimiter);
  }
  if ('Fn::Sub' in value) return substituted(zone, stack, value['Fn::Sub']);
  if ('Fn::GetStackOutput' in value) return outputOf(zone, value['Fn::GetStackOutput']);
  if ('Fn::Split' in value) {
    const [delimiter, text] = value['Fn::Split'];
    return String(plain(zone, stack, text)).split(delimiter);
  }
  if ('Fn::Select' in value) {
    const [index, list] = value['Fn::Select'];
    const parts = plain(zone, stack, list);
    // Of a name that only AWS knows the parts are not known either.
    return parts[Number(index)] ?? `<part ${index} of ${parts.join()}>`;
  }
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(zone, stack, each)]));
}
