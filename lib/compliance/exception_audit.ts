// What no single finding shows, checked after all packs: an exception that has expired, that matches no
// finding or that code gives to itself. No exception covers these.

import {
  type IPolicyValidationContext,
  type IPolicyValidationPlugin,
  type PolicyValidationPluginReport,
  type PolicyViolation,
  Validations,
} from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { ExceptionMatcher } from './exception_matcher.ts';
import type { Exception } from './exceptions.ts';
import { writeRecord } from './record.ts';
import type { RuleCoverage } from './rule_coverage.ts';
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

/** Findings that code acknowledges by itself would vanish without owner and expiry. */
const acknowledgedElsewhere = (app: IConstruct, matcher: ExceptionMatcher): PolicyViolation[] =>
  app.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.keys(data))
      // The CDK's own notes about its own constructs.
      .filter((id) => !id.startsWith('Annotation::') && !matcher.hasAcknowledged(id, node.path))
      .map((id) =>
        violation(
          'Strongroom-ELSEWHERE',
          `${id} is acknowledged in code: exceptions are listed in ${table} alone.`,
          node.path,
        ),
      ),
  );

export class ExceptionAudit implements IPolicyValidationPlugin {
  readonly name = 'Strongroom audit';
  readonly #zones: Zones;
  readonly #coverage: RuleCoverage;
  readonly #matcher: ExceptionMatcher;

  constructor(zones: Zones, coverage: RuleCoverage, matcher: ExceptionMatcher) {
    this.#zones = zones;
    this.#coverage = coverage;
    this.#matcher = matcher;
  }

  validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const zones = this.#zones.in(context);
    const resources = zones.flatMap((zone) => zone.resources);
    const types = [...new Set(resources.map(({ type }) => type))].sort();
    const violations = [
      ...this.#matcher.expired.map((row) =>
        violation(
          'Strongroom-EXPIRED',
          `The exception ${about(row)} expired on ${row.expires}: its owner, ${row.owner}, resolves the finding or extends the exception in ${table}.`,
          row.at,
        ),
      ),
      ...this.#matcher
        .unused()
        .map((row) =>
          violation(
            'Strongroom-UNUSED',
            `The exception ${about(row)} matches no finding: remove it from ${table}.`,
            row.at,
          ),
        ),
    ];
    violations.push(...acknowledgedElsewhere(context.appConstruct, this.#matcher));
    writeRecord(context.appConstruct, zones, types, this.#coverage, this.#matcher);
    return { success: violations.length === 0, violations };
  }
}
