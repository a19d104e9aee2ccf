// Alarms on the walker that wraps data keys anew (docs/decisions/0020). It starts by the hour and goes on by itself, so a
// run that fails is no reason to wake anybody; three are, and so is a rotation that waits too long.

import { functions } from '../../contract/capabilities.ts';
import { kmsKeys, wrappingKeys } from '../../contract/kernel/kms_keys.ts';
import { rewrapLimits } from '../../contract/rotation/limits.ts';
import type { Alarm, Part } from './alarms.ts';
import { logged } from './log_counts.ts';
import { functionName, type ZoneDeployment } from './names.ts';

const hourly: Omit<Part, 'metrics' | 'periods'> = {
  periodMinutes: rewrapLimits.everyMinutes,
  comparison: 'above',
  threshold: 0,
  treatMissingData: 'notBreaching',
};

const days = [...new Set(wrappingKeys.map((key) => kmsKeys[key].rewrapDays))].join(' or ');

export const rewrapAlarms = (place: ZoneDeployment): Alarm[] => [
  {
    name: 'rewrapper-failing',
    impact: functions.rewrapper.impact,
    when: 'in 3 runs running the rewrapper ends in an error, or meets a key or a row that it cannot work on',
    parts: [
      {
        part: 'errors',
        metrics: {
          errors: {
            namespace: 'AWS/Lambda',
            name: 'Errors',
            dimensions: { FunctionName: functionName(place, 'rewrapper') },
            statistic: 'Sum',
          },
        },
        ...hourly,
        periods: 3,
      },
      { part: 'failures', metrics: { failures: logged(place, 'rewrap_failed') }, ...hourly, periods: 3 },
    ],
    combine: 'any',
  },
  {
    name: 'rewrap-overdue',
    impact: 'data keys are wrapped under older material for longer than is promised; everything goes on being opened',
    when: `a rotation of a KMS key has no certificate after ${days} days`,
    parts: [{ metrics: { rotations: logged(place, 'rewrap_overdue') }, ...hourly, periods: 1 }],
    combine: 'any',
  },
];
