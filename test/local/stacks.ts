// Small stacks for the tests: just enough of a cloud assembly to deploy, without synthesizing anything.

import type { Stack, Template, ZoneAssembly } from '../../local/cloudformation/assembly.ts';

export const stack = (
  name: string,
  resources: Template['Resources'],
  rest: Partial<Omit<Template, 'Resources'>> = {},
): Stack => ({
  name,
  region: 'us-east-1',
  account: '000000000000',
  assets: new Map(),
  template: { Parameters: {}, Mappings: {}, Conditions: {}, Outputs: {}, ...rest, Resources: resources },
});

export const zoneOf = (...stacks: Stack[]): ZoneAssembly => ({
  zone: 'us',
  region: 'us-east-1',
  stacks,
});

export const resource = (Type: string, Properties: Record<string, unknown> = {}): Template['Resources'][string] => ({
  Type,
  Properties,
});
