// Trust boundary `canary`: looks at the other region of the zone, and can change nothing.

import { type Looked, look } from '../canary/look.ts';
import { lambdaHandler } from '../kernel/platform/platform.ts';

export const handler = lambdaHandler(
  {},
  (platform) =>
    (_event: unknown): Promise<Looked> =>
      look(platform),
);
