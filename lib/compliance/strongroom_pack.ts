// Our own pack: the rules for what no published pack reads, or reads by construct alone. It reads every template of every
// zone on every synthesis, and the one setting of stacks that no template holds, and says for each finding the rule, the construct and the promise.

import { dirname } from 'node:path/posix';
import type {
  IPolicyValidationContext,
  IPolicyValidationPlugin,
  PolicyValidationPluginReport,
  PolicyViolation,
} from 'aws-cdk-lib';
import { Stack } from 'aws-cdk-lib';
import { isProtected } from '../derive/removal.ts';
import { nameOf } from '../evidence/template.ts';
import type { Resource, Rule, RuleContext } from './rule.ts';
import type { RuleCoverage } from './rule_coverage.ts';
import { acceptedValues } from './rules/accepted.ts';
import { acceptedSizes } from './rules/accepted_sizes.ts';
import { acceptedTogether } from './rules/accepted_together.ts';
import { api } from './rules/api.ts';
import { buckets } from './rules/buckets.ts';
import { callers } from './rules/callers.ts';
import { deployments } from './rules/deployments.ts';
import { edge } from './rules/edge.ts';
import { relay } from './rules/event_bus.ts';
import { functionRules } from './rules/functions.ts';
import { gatewayResponses } from './rules/gateway_responses.ts';
import { grants } from './rules/grants.ts';
import { keys } from './rules/keys.ts';
import { logs } from './rules/logs.ts';
import { names } from './rules/names.ts';
import { network } from './rules/network.ts';
import { principals } from './rules/principals.ts';
import { profile } from './rules/profile.ts';
import { queueRules } from './rules/queues.ts';
import { recoveryRules } from './rules/recovery.ts';
import { residency } from './rules/residency.ts';
import { roles } from './rules/roles.ts';
import { securityGroups } from './rules/security_groups.ts';
import { streamRules } from './rules/streams.ts';
import { tableRules } from './rules/tables.ts';
import { usage } from './rules/usage.ts';
import { watch } from './rules/watch.ts';
import type { Fault, ZoneRule } from './zone_rule.ts';
import type { Zones } from './zones.ts';

export const rules: readonly Rule[] = [
  tableRules,
  streamRules,
  keys,
  roles,
  principals,
  functionRules,
  callers,
  deployments,
  api,
  gatewayResponses,
  usage,
  edge,
  profile,
  network,
  names,
  securityGroups,
  logs,
  relay,
  queueRules,
  buckets,
  watch,
  recoveryRules,
  acceptedValues,
  acceptedSizes,
  acceptedTogether,
].flat();

const violationsOf = (rule: Rule, resource: Resource, zone: RuleContext): readonly string[] => {
  try {
    return rule.check(resource, zone);
  } catch (error) {
    // A resource that a rule cannot read does not keep the rule.
    return [`cannot be read: ${(error as Error).message}`];
  }
};

/** Those that say what AWS takes say nothing about whether we want it. */
const wanted = rules.filter(({ id }) => !/^Strongroom-AWS\d+$/.test(id));

/** What a published pack says of a type is about frameworks: what it may be for here, only a rule of our own can know. */
const coverage: ZoneRule = {
  id: 'Strongroom-COVERAGE',
  promises: ['HST-2'],
  statement: 'Every type of resource is read by a rule of our own.',
  check: ({ resources }) =>
    resources
      .filter(({ type }) => !wanted.some(({ types }) => types.includes(type)))
      .map(({ type, path, templateFile, logicalId }) => ({
        path,
        templateFile,
        logicalId,
        wrong: `no rule of ours reads ${type}: write one under lib/compliance/rules`,
      })),
};

/** Rules that read a zone as a whole. */
export const zoneRules: readonly ZoneRule[] = [coverage, grants, residency];

export interface Finding extends Fault {
  readonly rule: Pick<Rule, 'id' | 'promises' | 'statement'>;
  /** Of the construct inside its zone. */
  readonly name: string;
}

/** All that our rules say against the templates of a region of a zone. */
export const findingsIn = (
  zone: RuleContext,
  { read, whole = zoneRules }: { readonly read?: RuleCoverage; readonly whole?: readonly ZoneRule[] } = {},
): Finding[] => [
  ...zone.resources.flatMap((resource) =>
    rules
      .filter(({ types }) => types.includes(resource.type))
      .flatMap((rule) => {
        read?.record(resource.type, rule.id);
        return violationsOf(rule, resource, zone).map((wrong) => ({ ...resource, rule, wrong }));
      }),
  ),
  ...whole.flatMap((rule) => rule.check(zone).map((fault) => ({ ...fault, rule, name: nameOf(fault.path) }))),
];

export class StrongroomPack implements IPolicyValidationPlugin {
  readonly name = 'Strongroom';
  readonly ruleIds = [...rules, ...zoneRules].map(({ id }): string => id).concat(protection, unread);
  readonly #zones: Zones;
  readonly #coverage: RuleCoverage;

  constructor(zones: Zones, coverage: RuleCoverage) {
    this.#zones = zones;
    this.#coverage = coverage;
  }

  validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const violations = this.#zones
      .in(context)
      .flatMap((zone) => [...findingsIn(zone, { read: this.#coverage }).map(violation), ...unprotected(context, zone)]);
    violations.push(...unreadStacks(context, this.#zones.in(context)));
    return { success: violations.length === 0, violations };
  }
}

const unread = 'Strongroom-STACK2';

/** Stacks that belong to no zone, whose templates no rule has read. */
function unreadStacks({ stackTemplates }: IPolicyValidationContext, zones: readonly RuleContext[]): PolicyViolation[] {
  const read = new Set(zones.flatMap(({ stacks }) => [...stacks.values()].map(({ templateFile }) => templateFile)));
  return stackTemplates
    .filter(({ templatePath }) => !read.has(templatePath))
    .map(({ stackConstructPath, templatePath }) => ({
      ruleName: unread,
      description: 'Every stack belongs to a zone, so that the rules read it. Here: it belongs to none.',
      severity: 'error',
      ruleMetadata: { promises: 'HST-2' },
      violatingResources: [{ constructPath: stackConstructPath, templatePath, locations: [] }],
    }));
}

const protection = 'Strongroom-STACK1';

/** Stacks of a locked zone that one call could delete: no template says so, only the assembly. */
const unprotected = ({ appConstruct }: IPolicyValidationContext, { id, deployment }: RuleContext): PolicyViolation[] =>
  appConstruct.node
    .findAll()
    .filter((each): each is Stack => Stack.isStack(each) && dirname(each.node.path) === id)
    .filter(({ terminationProtection }) => isProtected(deployment) && terminationProtection !== true)
    .map(({ node, templateFile }) => ({
      ruleName: protection,
      description: 'Where data is locked, a stack is protected from termination. Here: it is not.',
      severity: 'error',
      ruleMetadata: { promises: 'BCK-1 HST-1' },
      violatingResources: [{ constructPath: node.path, templatePath: templateFile, locations: [] }],
    }));

const violation = ({ rule, path, logicalId, templateFile, wrong }: Finding): PolicyViolation => ({
  ruleName: rule.id,
  description: `${rule.statement} Here: ${wrong}.`,
  severity: 'error',
  ruleMetadata: { promises: rule.promises.join(' ') },
  violatingResources: [
    {
      constructPath: path,
      ...(logicalId !== undefined && { resourceLogicalId: logicalId }),
      templatePath: templateFile,
      locations: ['Properties'],
    },
  ],
});
