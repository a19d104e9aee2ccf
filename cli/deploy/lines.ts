// A plan as lines for a person.

import { engineerLimits } from '../../contract/kernel/limits.ts';
import type { IdleTotal } from '../../lib/costs/idle.ts';
import { money, paint, wrap } from '../terminal.ts';
import { minutesFor, type Plan, shiftMinutesOf } from './plan.ts';
import { watchersOf } from './rollback.ts';

/** What CodeDeploy does with functions that answer requests. */
function shiftLines({ steps, atOnce }: Plan): string[] {
  if (atOnce === 'asked for') return [wrap('All requests meet new code at once, and no alarm takes it back.')];
  if (atOnce === 'no alarms')
    return [wrap('All requests meet new code at once: the alarms that would take it back are not there yet.')];
  const minutes = Math.max(0, ...steps.map(({ stack, makes }) => (makes ? 0 : shiftMinutesOf(stack))));
  return minutes === 0
    ? []
    : [
        wrap(
          `New code of functions that answer requests meets some of them for ${minutes} minutes in each region; when an alarm goes off, CodeDeploy takes it back, and the deployment ends.`,
        ),
      ];
}

export function planLines(plan: Plan, cost: IdleTotal): string[] {
  const { stage, account, steps, protectsLater } = plan;
  const watchedSteps = steps.filter((step) => watchersOf(plan, step).length > 0).length;
  const regions = Map.groupBy(steps, ({ stack }) => stack.region);
  return [
    paint('bold', `Deploys ${stage} to account ${account}, in this order:`),
    ...steps.map(({ stack, makes }, at) => {
      const number = String(at + 1).padStart(4);
      return `${number}  ${stack.id.padEnd(36)} ${stack.region.padEnd(15)} ${makes ? 'made' : 'changed if needed'}`;
    }),
    '',
    wrap(
      `${steps.length} stacks in ${[...regions.keys()].join(', ')}. Estimated: ${minutesFor(plan) + watchedSteps * engineerLimits.rollbackWatchMinutes} minutes.`,
    ),
    wrap(
      `While idle the stage costs $${money(cost.dollars)} a month at first, $${money(cost.mostDollars)} at most (strongroom cost ${stage}).`,
    ),
    ...shiftLines(plan),
    ...(watchedSteps > 0
      ? [
          wrap(
            `${watchedSteps} of them are watched for ${engineerLimits.rollbackWatchMinutes} minutes each after they are changed, by alarms on failing requests: when one goes off, CloudFormation takes the change back. To put right what fails already: --at-once.`,
          ),
        ]
      : []),
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
