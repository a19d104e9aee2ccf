// The alarms on what the canary of one region sees of the other, and on which of them writes. Route 53 follows those of the second
// region, so they have the form that Route 53 reads.

import { functions } from '../../contract/capabilities.ts';
import { type Alarm, above, inARow } from './alarm.ts';
import { messageMetric } from './log_counts.ts';
import type { ZoneDeployment } from './names.ts';

/** Two minutes each: starts of a schedule may lie that far apart (EventBridge Scheduler keeps to a minute). */
const timing = { periodMinutes: 2, periods: 2 } as const;
/** What the lease says is so: the address follows within the time in which the lease itself goes over. */
const atOnce = { periodMinutes: 2, periods: 1 } as const;

export const regionAlarmNames = { unreachable: 'region-unreachable', secondWrites: 'second-region-writes' } as const;

export const regionAlarms = (deployment: ZoneDeployment): Alarm[] => [
  {
    name: regionAlarmNames.unreachable,
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
  {
    name: regionAlarmNames.secondWrites,
    impact: 'none by itself: the second region takes writes, and the zone’s address leads there',
    when: 'the lease of the writer is with the second region, or was handed over to it',
    parts: [
      {
        metrics: { writes: messageMetric(deployment, 'second_region_writes') },
        ...atOnce,
        ...above(0),
        plain: true,
      },
    ],
    combine: 'any',
  },
];
