// How many instances of a function may run at once, where its row sets a bound.

import type { FunctionRow } from '../../contract/capabilities.ts';
import type { ZoneDeployment } from './names.ts';

/** New accounts may run 10 at once and reserve none (known, not looked up): only locked stages reserve. */
export const concurrencyOf = ({ stageConfig }: ZoneDeployment, row: FunctionRow): number | undefined =>
  stageConfig.data === 'locked' ? row.reservedConcurrency : undefined;
