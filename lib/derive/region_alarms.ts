// The alarm on what the canary of one region sees of the other. Route 53 follows it, so it has the form that Route 53 reads.

import { functions } from '../../contract/capabilities.ts';
import { type Alarm, above, inARow } from './alarm.ts';
import { messageMetric } from './log_counts.ts';
import type { ZoneDeployment } from './names.ts';

/** Two minutes each: starts of a schedule may lie that far apart (EventBridge Scheduler keeps to a minute). */
const timing = { periodMinutes: 2, periods: 2 } as const;

export const regionAlarmName = 'region-unreachable';

export const regionAlarms = (deployment: ZoneDeployment): Alarm[] => [
  {
    name: regionAlarmName,
    impact: functions.canary.impact,
    when: `the other region of the zone does not answer, ${inARow(timing)}`,
    parts: [
      {
        metrics: { unhealthy: messageMetric(deployment, 'other_region_unhealthy') },
        ...timing,
        ...above(0),
        plain: true,
      },
    ],
    combine: 'any',
  },
];
