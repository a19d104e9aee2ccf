// Puts one weakness into a deep copy of real templates, as CloudFormation would get them, and reads the zone again: what our
// rules say of it is what they would say of a change of the source that gives these templates.

import type { RuleContext } from '../../lib/compliance/rule.ts';
import { findingsIn, zoneRules } from '../../lib/compliance/strongroom_pack.ts';
import { homeOf, secondOf, type ZoneDeployment } from '../../lib/derive/names.ts';
import { readAssembly, zoneOf } from '../../lib/evidence/assembly.ts';
import { type Json, nameOf, type StackTemplate } from '../../lib/evidence/template.ts';
import { referenceConfig } from '../../lib/reference_config.ts';
import { cdkOut, only, type StackName } from './templates.ts';

const stage = referenceConfig.stages.production;
if (stage === undefined) throw new Error('production is missing');
const home = homeOf('production', stage, 'us');
const second = secondOf(home);
if (second === undefined) throw new Error('production has no second region');

const regionOf = (deployment: ZoneDeployment, id: string): RuleContext => ({
  ...only(readAssembly(cdkOut).filter((each) => each.id === id)),
  deployment,
  locked: true,
  mailbox: referenceConfig.contacts.operations,
});

/** The regions whose templates are planted into, as they are. */
export const clean = { home: regionOf(home, 'production-us'), second: regionOf(second, 'production-us/second') };

export const joined = (...parts: Json[]): Json => ({ 'Fn::Join': ['', parts] });

export class Planting {
  readonly #clean: RuleContext;
  readonly #stacks: Map<string, StackTemplate>;

  constructor(region: keyof typeof clean = 'home') {
    this.#clean = clean[region];
    this.#stacks = new Map(this.#clean.stacks);
  }

  #template(stack: string): Json {
    const found = this.#stacks.get(stack);
    if (found === undefined) throw new Error(`there is no stack ${stack}`);
    if (found === this.#clean.stacks.get(stack)) {
      this.#stacks.set(stack, { ...found, template: structuredClone(found.template) });
    }
    return (this.#stacks.get(stack) as StackTemplate).template;
  }

  /** The properties of the resource behind a construct. */
  at(name: string, type?: string): Json {
    const [stack = ''] = name.split('/');
    const template = this.#template(stack);
    const paths = (this.#stacks.get(stack) as StackTemplate).paths;
    return only(
      Object.entries(template.Resources as Record<string, Json>)
        .filter(([id, each]) => nameOf(paths.get(id) ?? '') === name && (type === undefined || each.Type === type))
        .map(([, each]) => each),
    ).Properties;
  }

  /** The resource itself, with what stands beside its properties. */
  resource(name: string): Json {
    const properties = this.at(name);
    const [stack = ''] = name.split('/');
    return only(
      Object.values(this.#template(stack).Resources as Record<string, Json>).filter(
        (each) => each.Properties === properties,
      ),
    );
  }

  add(stack: StackName, id: string, Type: string, Properties: Json): void {
    this.#template(stack).Resources[id] = { Type, Properties };
  }

  output(stack: StackName, id: string, output: Json): void {
    const template = this.#template(stack);
    template.Outputs = { ...template.Outputs, [id]: output };
  }

  parameter(stack: StackName, id: string, parameter: Json): void {
    const template = this.#template(stack);
    template.Parameters = { ...template.Parameters, [id]: parameter };
  }

  section(stack: StackName, name: string, value: Json): void {
    this.#template(stack)[name] = value;
  }

  zone(): RuleContext {
    return { ...this.#clean, ...zoneOf(this.#clean, [...this.#stacks.values()]) };
  }
}

/** The proof of residency reads every text and has a test of its own (residency.test.ts). */
const whole = zoneRules.filter(({ id }) => id !== 'Strongroom-RES1');

/** What our own rules say, each with the rule and the construct before it. */
export function saidOf(plant: (planting: Planting) => void, region: keyof typeof clean = 'home'): string[] {
  const planting = new Planting(region);
  plant(planting);
  return findingsIn(planting.zone(), { whole }).map(({ rule, name, wrong }) => `${rule.id} ${name}: ${wrong}`);
}
