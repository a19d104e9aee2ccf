// What no single finding shows, judged after all packs: a type of resource that no rule reads, an exception that has
// expired, that nothing needs or that stands elsewhere than in the table. None of these can be excused.

import {
  type IPolicyValidationContext,
  type IPolicyValidationPlugin,
  type PolicyValidationPluginReport,
  type PolicyViolation,
  Validations,
} from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { Exception } from './exceptions.ts';
import type { ExceptionMatcher } from './excuses.ts';
import type { RuleCoverage } from './inspected.ts';
import { writeRecord } from './record.ts';
import type { Zones } from './zones.ts';

const table = 'lib/compliance/exceptions.ts';

const violation = (ruleName: string, description: string, constructPath: string): PolicyViolation => ({
  ruleName,
  description: `[HST-2] ${description}`,
  // Not even an acknowledgement in code takes it away.
  severity: 'fatal',
  violatingResources: [{ constructPath, locations: [] }],
});

const about = (exception: Exception): string => `${exception.id} at ${exception.at}`;

/** Findings that code acknowledges by itself would vanish without owner, approver and expiry. */
const acknowledgedElsewhere = (app: IConstruct, excuses: ExceptionMatcher): PolicyViolation[] =>
  app.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.keys(data))
      // The CDK's own notes about its own constructs.
      .filter((id) => !id.startsWith('Annotation::') && !excuses.gave(id, node.path))
      .map((id) =>
        violation(
          'Strongroom-ELSEWHERE',
          `${id} is acknowledged in code: exceptions stand in ${table} alone.`,
          node.path,
        ),
      ),
  );

export class ExceptionAudit implements IPolicyValidationPlugin {
  readonly name = 'Strongroom gate';
  readonly #zones: Zones;
  readonly #inspected: RuleCoverage;
  readonly #excuses: ExceptionMatcher;

  constructor(zones: Zones, inspected: RuleCoverage, excuses: ExceptionMatcher) {
    this.#zones = zones;
    this.#inspected = inspected;
    this.#excuses = excuses;
  }

  validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const zones = this.#zones.in(context);
    const resources = zones.flatMap((zone) => zone.resources);
    const types = [...new Set(resources.map(({ type }) => type))].sort();
    const violations = [
      ...types
        .filter((type) => this.#inspected.rulesOf(type).length === 0)
        .map((type) =>
          violation(
            'Strongroom-COVERAGE',
            `No rule of any pack reads ${type}: write one under lib/compliance/rules.`,
            resources.find((resource) => resource.type === type)?.path ?? '',
          ),
        ),
      ...this.#excuses.expired.map((row) =>
        violation(
          'Strongroom-EXPIRED',
          `The exception ${about(row)} expired on ${row.expires}: its owner, ${row.owner}, keeps the rule now or has it approved again in ${table}.`,
          row.at,
        ),
      ),
      ...this.#excuses
        .unused()
        .map((row) =>
          violation(
            'Strongroom-UNUSED',
            `The exception ${about(row)} matches no finding: remove it from ${table}.`,
            row.at,
          ),
        ),
    ];
    violations.push(...acknowledgedElsewhere(context.appConstruct, this.#excuses));
    writeRecord(context.appConstruct, zones, types, this.#inspected, this.#excuses);
    return { success: violations.length === 0, violations };
  }
}
