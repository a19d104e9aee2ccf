// Turns a template's intrinsic functions into text that reads like what CloudFormation will put there, so that policies
// can be compared as they are. `<stack>:<logical id>.<attribute>` stands for what only AWS knows.

import { zones as geography } from '../../contract/kernel/zones.ts';
import type { StackName, Zone } from './templates.ts';

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
    const { StackName, OutputName, Region } = known['Fn::GetStackOutput'] as Record<string, string>;
    const other = StackName?.split('-').at(-1) as StackName;
    if (StackName !== `strongroom-${zone.stage}-${zone.zone}-${other}`) throw new Error(`refers to ${StackName}`);
    if (Region === geography[zone.zone].second) {
      const { second } = zone;
      if (second === undefined) throw new Error(`${StackName} is of a region that the stage does not run`);
      return `second ${plain({ ...zone, ...second }, other, second[other].Outputs?.[OutputName ?? '']?.Value)}`;
    }
    return plain(zone, other, zone[other].Outputs?.[OutputName ?? '']?.Value);
  }
  return Object.fromEntries(Object.entries(known).map(([name, each]) => [name, plain(zone, stack, each)]));
}
