// What a synthesis leaves beside the templates about its own checks: for each type the rules that read it, for each
// exception what it excuses. It holds nothing that differs between two syntheses of one source.

import type { Exception } from '../compliance/exceptions.ts';

export const recordFile = 'compliance.json';

export interface ComplianceRecord {
  readonly types: readonly {
    readonly type: string;
    /** Resources of the type, by `<stage>-<zone>`. */
    readonly resources: Readonly<Record<string, number>>;
    readonly rules: readonly string[];
  }[];
  readonly exceptions: readonly (Exception & {
    /** Paths of constructs in the app. */
    readonly excused: readonly string[];
  })[];
}
