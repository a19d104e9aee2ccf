// docs/generated/queues.md: the queues of a zone, their producers and consumers, and when a message is dead-lettered.

import { type FunctionRow, functions, type QueueName, queues } from '../contract/capabilities.ts';
import type { Queue } from '../contract/kernel/queue.ts';
import { code, codes, heading, table } from './markdown.ts';

const rows = Object.entries<FunctionRow>(functions);
const producersOf = (queue: QueueName): string[] =>
  rows.filter(([, { sends = [] }]) => sends.includes(queue)).map(([name]) => name);
const consumersOf = (queue: QueueName): string[] =>
  rows.filter(([, { trigger }]) => trigger.kind === 'queue' && trigger.queue === queue).map(([name]) => name);

export const queuesPage = (): string =>
  [
    heading('Queues', 'contract/<capability>/queues.ts and functions.ts'),
    'A message holds ids only. Each queue has a dead-letter queue, which retains messages for 14 days and has an alarm.\n',
    table(
      ['queue', 'messages', 'producers', 'consumers', 'visibility timeout', 'retention', 'dead-lettered after'],
      (Object.entries(queues) as [QueueName, Queue][]).map(
        ([name, { holds, visibilityMs, retentionDays, receives }]) => [
          code(name),
          holds,
          codes(producersOf(name)),
          codes(consumersOf(name)),
          `${visibilityMs / 1000} s`,
          `${retentionDays} days`,
          `${receives} failures`,
        ],
      ),
    ),
    '',
  ].join('\n');
