// A zone's stacks as deployed, seen from one of its regions: every resource there with its name and, on demand, its properties
// with all intrinsics resolved. Properties are resolved on demand, so a template may hold what nothing here runs or reads.

import { UserError } from '../host/user_error.ts';
import type { Stack, ZoneAssembly } from './assembly.ts';
import { noValue, resolve, type Scope } from './intrinsics.ts';
import { mentioned, notRun, type Physical, physical } from './physical.ts';
import { isReplicated, replicasIn } from './replicas.ts';
import type { Resource } from './resource.ts';

export type { Resource } from './resource.ts';

export interface Deployment {
  readonly zone: ZoneAssembly['zone'];
  readonly region: string;
  readonly account: string;
  of(type: string): readonly Resource[];
}

export type Parameters = Readonly<Record<string, string>>;

interface DeployedStack {
  readonly stack: Stack;
  /** Those that are run, of these types alone where it is given. */
  resources(wanted?: (type: string) => boolean): readonly Resource[];
  output(name: string): unknown;
  exported(name: string): unknown;
}

const whereOf = (stack: Stack): string => `stack ${stack.name}`;

/** What a template says by itself, without a look at its resources (CloudFormation, "Pseudo parameters reference"). */
const pseudoParameters = ({ account, region, name }: Stack): Readonly<Record<string, unknown>> => ({
  'AWS::AccountId': account,
  'AWS::Region': region,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::StackName': name,
  'AWS::StackId': `arn:aws:cloudformation:${region}:${account}:stack/${name}/local`,
  'AWS::NoValue': noValue,
});

/** Names the resources of a stack, each once; `scope` resolves the properties that a name is made of. */
const resourceNames = (stack: Stack, awsUrl: string, scope: () => Scope): ((logicalId: string) => Physical) => {
  const where = whereOf(stack);
  const named = new Map<string, Physical>();
  const beingNamed = new Set<string>();
  return (logicalId) => {
    const known = named.get(logicalId);
    if (known !== undefined) return known;
    const raw = stack.template.Resources[logicalId];
    if (raw === undefined) throw new UserError(`${where}: there is no resource ${logicalId}.`);
    if (beingNamed.has(logicalId)) throw new UserError(`${where}: the name of ${logicalId} depends on itself.`);
    beingNamed.add(logicalId);
    const identity = { stack: stack.name, logicalId, region: stack.region, account: stack.account, awsUrl };
    const naming = physical[raw.Type] ?? mentioned[raw.Type];
    const found =
      naming === undefined
        ? { ref: `${stack.name}-${logicalId}`, attributes: {} }
        : naming(identity, (name) => resolve(raw.Properties[name], scope()));
    beingNamed.delete(logicalId);
    named.set(logicalId, found);
    return found;
  };
};

/** What the intrinsic functions of a stack look things up in. */
const scopeOf = (
  stack: Stack,
  parameters: Parameters,
  others: readonly DeployedStack[],
  nameOf: (logicalId: string) => Physical,
): Scope => {
  const { template } = stack;
  const where = whereOf(stack);
  const pseudo = pseudoParameters(stack);
  const scope: Scope = {
    where,
    ref(name) {
      if (Object.hasOwn(pseudo, name)) return pseudo[name];
      const parameter = template.Parameters[name];
      if (parameter === undefined) return nameOf(name).ref;
      const value = parameters[name] ?? parameter.Default;
      if (value === undefined) throw new UserError(`${where}: the local cloud has no value for parameter ${name}.`);
      return value;
    },
    getAtt(logicalId, attribute) {
      const value = nameOf(logicalId).attributes[attribute];
      const type = template.Resources[logicalId]?.Type;
      if (value === undefined)
        throw new UserError(`${where}: ${attribute} of ${logicalId} (${type}) is not known locally.`);
      return value;
    },
    importValue(name) {
      const here = others.filter((other) => other.stack.region === stack.region);
      const value = here.map((other) => other.exported(name)).find((found) => found !== undefined);
      if (value === undefined) throw new UserError(`${where}: no stack of the zone exports ${name}.`);
      return value;
    },
    stackOutput(name, output, region) {
      const other = others.find((each) => each.stack.name === name && each.stack.region === (region ?? stack.region));
      if (other === undefined)
        throw new UserError(`${where}: stack ${name} (output ${output}) is not run in this zone.`);
      return other.output(output);
    },
    mapping(map, top, second) {
      const value = template.Mappings[map]?.[top]?.[second];
      if (value === undefined) throw new UserError(`${where}: mapping ${map} has no ${top}.${second}.`);
      return value;
    },
    condition(name) {
      const value = template.Conditions[name];
      if (value === undefined) throw new UserError(`${where}: there is no condition ${name}.`);
      return resolve(value, scope) === true;
    },
  };
  return scope;
};

/** The resources that are run. A type that is neither run nor known to be safe to skip stops the boot. */
const resourcesOf = (
  stack: Stack,
  scope: Scope,
  nameOf: (logicalId: string) => Physical,
  wanted: (type: string) => boolean,
): Resource[] =>
  Object.entries(stack.template.Resources).flatMap(([logicalId, raw]): Resource[] => {
    if (!wanted(raw.Type)) return [];
    if (raw.Condition !== undefined && !scope.condition(raw.Condition)) return [];
    if (notRun[raw.Type] !== undefined) return [];
    if (physical[raw.Type] === undefined) {
      throw new UserError(
        `${whereOf(stack)}: resource ${logicalId} is of type ${raw.Type}, which the local cloud neither runs nor knows to be safe to skip.\n` +
          'Run it (local/cloudformation/physical.ts names what is run), or add it to `notRun` there with the reason.',
      );
    }
    const properties = (): Record<string, unknown> => resolve(raw.Properties, scope) as Record<string, unknown>;
    return [{ stack, logicalId, type: raw.Type, physical: nameOf(logicalId), properties }];
  });

const deployStack = (
  stack: Stack,
  parameters: Parameters,
  awsUrl: string,
  others: readonly DeployedStack[],
): DeployedStack => {
  const nameOf = resourceNames(stack, awsUrl, () => scope);
  const scope = scopeOf(stack, parameters, others, nameOf);
  const { Outputs } = stack.template;
  return {
    stack,
    resources: (wanted = () => true) => resourcesOf(stack, scope, nameOf, wanted),
    output(name) {
      const output = Outputs[name];
      if (output === undefined) throw new UserError(`${whereOf(stack)}: there is no output ${name}.`);
      return resolve(output.Value, scope);
    },
    exported(name) {
      const output = Object.values(Outputs).find(
        ({ Export }) => Export !== undefined && resolve(Export.Name, scope) === name,
      );
      return output === undefined ? undefined : resolve(output.Value, scope);
    },
  };
};

/** `awsUrl`: of the AWS endpoint. Absent: nothing will be called. `region`: one of the zone's. */
export const deploy = (
  assembly: ZoneAssembly,
  parameters: Parameters,
  awsUrl = 'http://aws.invalid',
  region = assembly.region,
): Deployment => {
  const deployed: DeployedStack[] = [];
  for (const stack of assembly.stacks) deployed.push(deployStack(stack, parameters, awsUrl, deployed));
  const own = deployed.filter(({ stack }) => stack.region === region);
  const others = deployed.filter(({ stack }) => stack.region !== region);
  const resources = [
    ...own.flatMap((each) => each.resources()),
    ...replicasIn(
      region,
      others.flatMap((each) => each.resources(isReplicated)),
    ),
  ];
  return {
    zone: assembly.zone,
    region,
    account: assembly.stacks[0]?.account ?? '',
    of: (type) => resources.filter((resource) => resource.type === type),
  };
};
