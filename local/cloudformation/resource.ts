// A resource of a template as deployed.

import type { Stack } from './assembly.ts';
import type { Physical } from './physical.ts';

export interface Resource {
  readonly stack: Stack;
  readonly logicalId: string;
  readonly type: string;
  readonly physical: Physical;
  /** Its properties, resolved. */
  properties(): Record<string, unknown>;
  /** Of a replica: the resource of the other region that declares it. */
  readonly primary?: Resource;
}
