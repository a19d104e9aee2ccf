// Alarms on rotations that are overdue: of platform secrets (docs/decisions/0019), and of the keys that wrap data keys
// (docs/decisions/0020).

import { functions } from '../../contract/capabilities.ts';
import { kmsKeys, wrappingKeys } from '../../contract/kernel/kms_keys.ts';
import { rewrapLimits, rotationLimits } from '../../contract/rotation/limits.ts';
import { type Alarm, above } from './alarm.ts';
import { messageMetric } from './log_counts.ts';
import type { ZoneDeployment } from './names.ts';

const rewrapDays = [...new Set(wrappingKeys.map((key) => kmsKeys[key].rewrapDays))].join(' or ');

const rotationImpact = (): string =>
  Object.values(functions).find(({ trigger }) => trigger.kind === 'rotation')?.impact ?? 'nothing rotates them';

export const rotationAlarms = (deployment: ZoneDeployment): Alarm[] => [
  {
    name: 'secrets-overdue',
    impact: rotationImpact(),
    when: `a function reads a platform secret that is more than ${rotationLimits.graceDays} days older than its period`,
    parts: [
      {
        metrics: { readings: messageMetric(deployment, 'secret_overdue') },
        periodMinutes: 60,
        periods: 1,
        ...above(0),
      },
    ],
    combine: 'any',
  },
  {
    name: 'rewrap-overdue',
    impact: 'data keys are wrapped under older material for longer than is promised; all data can still be opened',
    when: `a rotation of a KMS key has no certificate after ${rewrapDays} days`,
    parts: [
      {
        metrics: { rotations: messageMetric(deployment, 'rewrap_overdue') },
        periodMinutes: rewrapLimits.everyMinutes,
        periods: 1,
        ...above(0),
      },
    ],
    combine: 'any',
  },
];
