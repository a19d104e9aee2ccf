// Alarms on queues: what waits for longer than it may, and what was set aside. A message is late whoever's fault it is; one
// that was set aside is nobody's to do any more until somebody looks.

import { functions, type QueueName, queues } from '../../contract/capabilities.ts';
import { queueLimits } from '../../contract/kernel/limits.ts';
import type { Alarm, Metric } from './alarms.ts';
import { deadLetterQueueName, queueName, type ZoneDeployment } from './names.ts';

const ofQueue = (queue: string, name: string, statistic: Metric['statistic']): Metric => ({
  namespace: 'AWS/SQS',
  name,
  dimensions: { QueueName: queue },
  statistic,
});

/** More minutes' work than this must not lie before a message. */
const backlogMinutes = 2;
/**
 * Age counts from sending, so a message that is held back on purpose is old before anybody may take it (known, not looked
 * up): only what is older than that is late.
 */
const ageSeconds = queueLimits.delayMaxSeconds + 300;

const impactOf = (queue: QueueName): string =>
  Object.values(functions).find(({ trigger }) => trigger.kind === 'queue' && trigger.queue === queue)?.impact ??
  'nobody takes its messages';

const late = (place: ZoneDeployment, queue: QueueName): Alarm => ({
  name: `${queue}-late`,
  impact: impactOf(queue),
  when: `more than ${backlogMinutes} min of work waits in the queue for 3 min, or a message is older than ${ageSeconds / 60} min for 5 min`,
  parts: [
    {
      part: 'backlog',
      metrics: {
        waiting: ofQueue(queueName(place, queue), 'ApproximateNumberOfMessagesVisible', 'Maximum'),
        done: ofQueue(queueName(place, queue), 'NumberOfMessagesDeleted', 'Sum'),
      },
      // What waits, over what is done in a minute, is how long it waits (Little's law).
      expression: `waiting - ${backlogMinutes} * FILL(done, 0)`,
      periodMinutes: 1,
      periods: 3,
      comparison: 'above',
      threshold: 0,
      treatMissingData: 'notBreaching',
    },
    {
      part: 'age',
      metrics: { age: ofQueue(queueName(place, queue), 'ApproximateAgeOfOldestMessage', 'Maximum') },
      periodMinutes: 1,
      periods: 5,
      comparison: 'above',
      threshold: ageSeconds,
      treatMissingData: 'notBreaching',
    },
  ],
  combine: 'any',
});

const deadLettered = (place: ZoneDeployment, queue: QueueName): Alarm => ({
  name: `${queue}-dead-lettered`,
  impact: `what failed ${queues[queue].receives} times by a fault of ours stands still until somebody puts it back`,
  when: 'a message lies in the queue’s dead letters',
  parts: [
    {
      metrics: {
        dead: ofQueue(deadLetterQueueName(place, queue), 'ApproximateNumberOfMessagesVisible', 'Maximum'),
      },
      periodMinutes: 5,
      periods: 1,
      comparison: 'above',
      threshold: 0,
      treatMissingData: 'notBreaching',
    },
  ],
  combine: 'any',
});

export const queueAlarms = (place: ZoneDeployment): Alarm[] =>
  (Object.keys(queues) as QueueName[]).flatMap((queue) => [late(place, queue), deadLettered(place, queue)]);
