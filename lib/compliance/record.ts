// Writes down what was checked, for the documents that are generated from it. It changes nothing that is deployed.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stage } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { ZoneTemplates } from '../evidence/reading.ts';
import { type ComplianceRecord, recordFile } from '../evidence/record.ts';
import type { ExceptionMatcher } from './excuses.ts';
import type { RuleCoverage } from './inspected.ts';

export function writeRecord(
  app: IConstruct,
  zones: readonly ZoneTemplates[],
  types: readonly string[],
  inspected: RuleCoverage,
  excuses: ExceptionMatcher,
): void {
  const record: ComplianceRecord = {
    types: types.map((type) => ({
      type,
      resources: Object.fromEntries(
        zones.map(({ id, resources }) => [id, resources.filter((resource) => resource.type === type).length]),
      ),
      rules: inspected.rulesOf(type),
    })),
    exceptions: excuses.used().map(({ exception, excused }) => ({ ...exception, excused: [...excused].sort() })),
  };
  // Validation runs after the assembly is complete: a file of its own changes nothing that is deployed.
  if (Stage.isStage(app)) writeFileSync(join(app.outdir, recordFile), `${JSON.stringify(record, undefined, 2)}\n`);
}
