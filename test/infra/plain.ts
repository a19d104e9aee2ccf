// Turns a template's intrinsic functions into text that reads like what CloudFormation will put there, so that policies
// can be compared as they are. `<stack>:<logical id>.<attribute>` stands for what only AWS knows.

import type { StackName, Template, Zone } from './templates.ts';

export const account = '999999999999';

type Known = Readonly<Record<string, unknown>>;

export function plain(zone: Zone, stack: StackName, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => plain(zone, stack, each));
  if (typeof value !== 'object' || value === null) return value;
  const known = value as Known;
  if ('Ref' in known) return known.Ref === 'AWS::AccountId' ? account : `${stack}:${known.Ref}`;
  if ('Fn::GetAtt' in known) return `${stack}:${(known['Fn::GetAtt'] as string[]).join('.')}`;
  if ('Fn::Join' in known) {
    const [delimiter, parts] = known['Fn::Join'] as [string, unknown[]];
    return parts.map((part) => plain(zone, stack, part)).join(delimiter);
  }
  if ('Fn::GetStackOutput' in known) {
    const { StackName, OutputName } = known['Fn::GetStackOutput'] as { StackName: string; OutputName: string };
    const other = StackName.split('-').at(-1) as StackName;
    if (StackName !== `strongroom-${zone.stage}-${zone.zone}-${other}`) throw new Error(`refers to ${StackName}`);
    const template: Template = zone[other];
    return plain(zone, other, template.Outputs?.[OutputName]?.Value);
  }
  return Object.fromEntries(Object.entries(known).map(([name, each]) => [name, plain(zone, stack, each)]));
}
