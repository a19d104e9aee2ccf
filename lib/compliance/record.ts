// What was checked, written beside the templates for the documents that are generated from it: for each type the rules that
// read it, for each exception the findings that it covers. Two syntheses of one source write the same; nothing of it is deployed.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stage } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { ZoneTemplates } from '../evidence/template.ts';
import type { ExceptionMatcher } from './exception_matcher.ts';
import type { Exception } from './exceptions.ts';
import type { RuleCoverage } from './rule_coverage.ts';

export const recordFile = 'compliance.json';

export interface ComplianceRecord {
  readonly types: readonly {
    readonly type: string;
    /** Resources of the type, by `<stage>-<zone>`. */
    readonly resources: Readonly<Record<string, number>>;
    readonly rules: readonly string[];
  }[];
  readonly exceptions: readonly (Exception & {
    /** Paths in the app of the constructs whose findings it acknowledges. */
    readonly acknowledged: readonly string[];
  })[];
}

export function writeRecord(
  app: IConstruct,
  zones: readonly ZoneTemplates[],
  types: readonly string[],
  coverage: RuleCoverage,
  matcher: ExceptionMatcher,
): void {
  const record: ComplianceRecord = {
    types: types.map((type) => ({
      type,
      resources: Object.fromEntries(
        zones.map(({ id, resources }) => [id, resources.filter((resource) => resource.type === type).length]),
      ),
      rules: coverage.rulesOf(type),
    })),
    exceptions: matcher
      .used()
      .map(({ exception, acknowledged }) => ({ ...exception, acknowledged: [...acknowledged].sort() })),
  };
  // Validation runs after the assembly is complete: a file of its own changes nothing that is deployed.
  if (Stage.isStage(app)) writeFileSync(join(app.outdir, recordFile), `${JSON.stringify(record, undefined, 2)}\n`);
}
