// Our own pack: the rules for what no published pack reads, or reads by construct alone. It reads every template of every
// zone on every synthesis, and says for each finding the rule, the construct and the promise.

import type {
  IPolicyValidationContext,
  IPolicyValidationPlugin,
  PolicyValidationPluginReport,
  PolicyViolation,
} from 'aws-cdk-lib';
import type { RuleCoverage } from './inspected.ts';
import type { Resource, Rule, Surroundings } from './rule.ts';
import { answers } from './rules/answers.ts';
import { api } from './rules/api.ts';
import { buckets } from './rules/buckets.ts';
import { callers } from './rules/callers.ts';
import { edge } from './rules/edge.ts';
import { functionRules } from './rules/functions.ts';
import { keys } from './rules/keys.ts';
import { logs } from './rules/logs.ts';
import { network } from './rules/network.ts';
import { queueRules } from './rules/queues.ts';
import { relay } from './rules/relay.ts';
import { roles } from './rules/roles.ts';
import { securityGroups } from './rules/security_groups.ts';
import { tableRules } from './rules/tables.ts';
import { usage } from './rules/usage.ts';
import { watch } from './rules/watch.ts';
import type { Zones } from './zones.ts';

export const rules: readonly Rule[] = [
  tableRules,
  keys,
  roles,
  functionRules,
  callers,
  api,
  answers,
  usage,
  edge,
  network,
  securityGroups,
  logs,
  relay,
  queueRules,
  buckets,
  watch,
].flat();

const judge = (rule: Rule, resource: Resource, zone: Surroundings): readonly string[] => {
  try {
    return rule.breaks(resource, zone);
  } catch (error) {
    // A template that a rule cannot read is not one that keeps it.
    return [`cannot be read: ${(error as Error).message}`];
  }
};

export class StrongroomPack implements IPolicyValidationPlugin {
  readonly name = 'Strongroom';
  readonly ruleIds = rules.map(({ id }) => id);
  readonly #zones: Zones;
  readonly #inspected: RuleCoverage;

  constructor(zones: Zones, inspected: RuleCoverage) {
    this.#zones = zones;
    this.#inspected = inspected;
  }

  validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const violations: PolicyViolation[] = [];
    for (const zone of this.#zones.in(context)) {
      for (const resource of zone.resources) {
        for (const rule of rules.filter(({ types }) => types.includes(resource.type))) {
          this.#inspected.saw(resource.type, rule.id);
          for (const wrong of judge(rule, resource, zone)) violations.push(violation(rule, resource, wrong));
        }
      }
    }
    return { success: violations.length === 0, violations };
  }
}

const violation = (rule: Rule, { path, logicalId, templateFile }: Resource, wrong: string): PolicyViolation => ({
  ruleName: rule.id,
  description: `${rule.states} Here: ${wrong}.`,
  severity: 'error',
  ruleMetadata: { promises: rule.keeps.join(' ') },
  violatingResources: [
    { constructPath: path, resourceLogicalId: logicalId, templatePath: templateFile, locations: ['Properties'] },
  ],
});
