// A plan as lines for a person.

import type { IdleTotal } from '../../lib/costs/idle.ts';
import { money, paint, wrap } from '../terminal.ts';
import { minutesFor, type Plan } from './plan.ts';

export function planLines(plan: Plan, cost: IdleTotal): string[] {
  const { stage, account, steps, protectsLater } = plan;
  const regions = Map.groupBy(steps, ({ stack }) => stack.region);
  return [
    paint('bold', `Deploys ${stage} to account ${account}, in this order:`),
    ...steps.map(({ stack, makes }, at) => {
      const number = String(at + 1).padStart(4);
      return `${number}  ${stack.id.padEnd(36)} ${stack.region.padEnd(15)} ${makes ? 'made' : 'changed if needed'}`;
    }),
    '',
    wrap(`${steps.length} stacks in ${[...regions.keys()].join(', ')}. Estimated: ${minutesFor(plan)} minutes.`),
    wrap(
      `While idle the stage costs $${money(cost.dollars)} a month at first, $${money(cost.mostDollars)} at most (strongroom cost ${stage}).`,
    ),
    ...(protectsLater.length > 0
      ? [
          wrap(
            `${protectsLater.join(' and ')}: locked. What is new is made without protection from deletion, so that a stack whose creation fails is taken back and can be tried again; when all stand, they are deployed once more, and protected. From then on nothing that holds data can be deleted by a deployment.`,
          ),
        ]
      : []),
    '',
  ];
}
