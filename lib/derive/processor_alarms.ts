// Alarms on processors: connections that cannot be had; and of what they tell, what cannot be taken in, what cannot be
// settled, and what says otherwise than our books. Failures of the ingress are counted, because a ratio alone would hide them:
// whoever floods it with forgeries thins it out.

import { functions } from '../../contract/capabilities.ts';
import { processorEventLimits } from '../../contract/processor_events/limits.ts';
import type { Alarm, Part } from './alarms.ts';
import { logged } from './log_counts.ts';
import type { ZoneDeployment } from './names.ts';

const counted = (
  place: ZoneDeployment,
  message: string,
  when: Pick<Part, 'periodMinutes' | 'periods' | 'threshold'>,
): Pick<Alarm, 'parts' | 'combine'> => ({
  parts: [
    { metrics: { events: logged(place, message) }, ...when, comparison: 'above', treatMissingData: 'notBreaching' },
  ],
  combine: 'any',
});

/** What fails again when it is looked at again: within this time whatever failed once has had a second look. */
const again = { periodMinutes: 5, periods: 2, threshold: 0 } as const;

/** Single ones are of a processor's account that others use too; that many at once are ours. */
const unmatchedAnHour = 20;
const waitedHours = Math.max(...processorEventLimits.retryOffsetsMs) / 3_600_000;

export const processorAlarms = (place: ZoneDeployment): Alarm[] => [
  {
    name: 'connections-failing',
    impact: 'payments through a processor’s connection are refused for now, and open ones are settled late',
    when: 'a connection could not be read or opened, in two periods of 5 min running',
    ...counted(place, 'connection_failed', again),
  },
  {
    name: 'processor_webhooks-failing',
    impact: functions.processor_webhooks.impact,
    when: 'what a processor told could not be taken in, in two periods of 5 min running',
    ...counted(place, 'ingress_failed', again),
  },
  {
    name: 'processor_events-failing',
    impact: functions.processor_events.impact,
    when: 'what a processor told could not be settled, in two periods of 5 min running',
    ...counted(place, 'event_failed', again),
  },
  {
    name: 'events-contradicting',
    impact: 'a processor says that money moved, or came back, where our books say otherwise',
    when: 'a processor contradicts a payment that is settled',
    ...counted(place, 'event_contradicts', { periodMinutes: 5, periods: 1, threshold: 0 }),
  },
  {
    name: 'events-unmatched',
    impact: 'processors tell of payments that are not found here: what they tell changes nothing',
    when: `more than ${unmatchedAnHour} events in an hour were about nothing known here for ${waitedHours} h`,
    ...counted(place, 'event_unmatched', { periodMinutes: 60, periods: 1, threshold: unmatchedAnHour }),
  },
];
