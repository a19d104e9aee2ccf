// Alarms on processors, wherever a function meets them: connections that cannot be opened, and events that contradict our
// books or match nothing in them. What a function fails to store or to apply is in its own alarm (its row in the contract).
// Failures are counted, because a ratio would hide them: a flood of forgeries would thin it out.

import type { CountedMessage } from '../../contract/kernel/function.ts';
import { moneyLimits } from '../../contract/payments/limits.ts';
import { processorEventLimits } from '../../contract/processor_events/limits.ts';
import { type Alarm, type AlarmPart, above, inARow, once } from './alarm.ts';
import { messageMetric } from './log_counts.ts';
import type { ZoneDeployment } from './names.ts';

const counted = (
  deployment: ZoneDeployment,
  message: CountedMessage,
  when: Omit<AlarmPart, 'metrics'>,
): Pick<Alarm, 'parts' | 'combine'> => ({
  parts: [{ metrics: { events: messageMetric(deployment, message) }, ...when }],
  combine: 'any',
});

/** What failed once is tried again within this time: it goes off on what fails again. */
const twice = { periodMinutes: 5, periods: 2, ...above(0) } as const;

/** Single ones belong to a processor's account that others use too; that many at once are ours. */
const unmatchedPerHour = 20;
const waitedHours = Math.max(...processorEventLimits.retryOffsetsMs) / 3_600_000;

export const processorAlarms = (deployment: ZoneDeployment): Alarm[] => [
  {
    name: 'connections-failing',
    impact: 'payments through a processor’s connection are refused for now, and open ones are settled late',
    when: `a connection could not be read or opened, ${inARow(twice)}`,
    ...counted(deployment, 'connection_failed', twice),
  },
  {
    name: 'connections-refused',
    impact: 'payments through a connection fail: its processor refuses the key, the account or its set-up',
    when: `a processor refused a connection, ${inARow(twice)}`,
    ...counted(deployment, 'connection_refused', twice),
  },
  {
    name: 'operations-unresolved',
    impact: 'a payment, capture, refund or void has no outcome that anybody will still tell, and money may have moved',
    when: `something was processing for ${moneyLimits.unresolvedAfterMs / 86_400_000} days`,
    ...counted(deployment, 'operation_unresolved', once),
  },
  {
    name: 'events-contradicting',
    impact: 'a processor says that money moved, or came back, where our books say otherwise',
    when: 'a processor contradicts a payment that is settled',
    ...counted(deployment, 'event_contradicts', once),
  },
  {
    name: 'events-unmatched',
    impact: 'processors send events about payments that are not found here: these events change nothing',
    when: `more than ${unmatchedPerHour} events in an hour matched nothing for ${waitedHours} h`,
    ...counted(deployment, 'event_unmatched', {
      periodMinutes: 60,
      periods: 1,
      ...above(unmatchedPerHour),
    }),
  },
];
