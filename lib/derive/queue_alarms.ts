// Alarms on queues: messages that wait for longer than they may, and dead letters. A message is late whatever the cause; a
// dead letter is not tried again until somebody puts it back.

import { functions, type QueueName, queues } from '../../contract/capabilities.ts';
import { queueLimits } from '../../contract/kernel/limits.ts';
import { type Alarm, above, type Metric, once } from './alarm.ts';
import { deadLetterQueueName, queueName, type ZoneDeployment } from './names.ts';

const ofQueue = (queue: string, name: string, statistic: Metric['statistic']): Metric => ({
  namespace: 'AWS/SQS',
  name,
  dimensions: { QueueName: queue },
  statistic,
});

/** A message must not wait behind more minutes of work than this. */
const backlogMinutes = 2;
/**
 * Age counts from sending, so a delayed message is old before anybody may receive it (known, not looked up): only an older
 * one is late.
 */
const ageSeconds = queueLimits.delayMaxSeconds + 300;

const impactOf = (queue: QueueName): string =>
  Object.values(functions).find(({ trigger }) => trigger.kind === 'queue' && trigger.queue === queue)?.impact ??
  'no function receives its messages';

const late = (deployment: ZoneDeployment, queue: QueueName): Alarm => ({
  name: `${queue}-late`,
  impact: impactOf(queue),
  when: `more than ${backlogMinutes} min of work waits in the queue for 3 min, or a message is older than ${ageSeconds / 60} min for 5 min`,
  parts: [
    {
      part: 'backlog',
      metrics: {
        waiting: ofQueue(queueName(deployment, queue), 'ApproximateNumberOfMessagesVisible', 'Maximum'),
        done: ofQueue(queueName(deployment, queue), 'NumberOfMessagesDeleted', 'Sum'),
      },
      // What waits, over what is done in a minute, is how long it waits (Little's law).
      expression: `waiting - ${backlogMinutes} * FILL(done, 0)`,
      periodMinutes: 1,
      periods: 3,
      ...above(0),
    },
    {
      part: 'age',
      metrics: { age: ofQueue(queueName(deployment, queue), 'ApproximateAgeOfOldestMessage', 'Maximum') },
      periodMinutes: 1,
      periods: 5,
      ...above(ageSeconds),
    },
  ],
  combine: 'any',
});

const deadLettered = (deployment: ZoneDeployment, queue: QueueName): Alarm => ({
  name: `${queue}-dead-lettered`,
  impact: `what failed ${queues[queue].receives} times by a fault of ours is not tried again until somebody puts it back`,
  when: 'a message is in the queue’s dead letters',
  parts: [
    {
      metrics: {
        dead: ofQueue(deadLetterQueueName(deployment, queue), 'ApproximateNumberOfMessagesVisible', 'Maximum'),
      },
      ...once,
    },
  ],
  combine: 'any',
});

export const queueAlarms = (deployment: ZoneDeployment): Alarm[] =>
  (Object.keys(queues) as QueueName[]).flatMap((queue) => [late(deployment, queue), deadLettered(deployment, queue)]);
