// docs/generated/queues.md: the queues of a zone, who fills them, who takes from them, and what becomes of what fails.

import { type FunctionRow, functions, type QueueName, queues } from '../contract/capabilities.ts';
import type { Queue } from '../contract/kernel/queue.ts';
import { code, codes, heading, table } from './markdown.ts';

const rows = Object.entries<FunctionRow>(functions);
const sendersOf = (queue: QueueName): string[] =>
  rows.filter(([, { sends = [] }]) => sends.includes(queue)).map(([name]) => name);
const takersOf = (queue: QueueName): string[] =>
  rows.filter(([, { trigger }]) => trigger.kind === 'queue' && trigger.queue === queue).map(([name]) => name);

export const queuesPage = (): string =>
  [
    heading('Queues', 'contract/queues.ts and contract/functions.ts'),
    'A message names what is to be done and holds nothing of it. Each queue has one beside it for its dead letters, kept for 14 days, with an alarm.\n',
    table(
      ['queue', 'holds', 'filled by', 'taken by', 'hidden while worked on', 'kept', 'set aside after'],
      (Object.entries(queues) as [QueueName, Queue][]).map(
        ([name, { holds, visibilityMs, retentionDays, receives }]) => [
          code(name),
          holds,
          codes(sendersOf(name)),
          codes(takersOf(name)),
          `${visibilityMs / 1000} s`,
          `${retentionDays} days`,
          `${receives} failures`,
        ],
      ),
    ),
    '',
  ].join('\n');
