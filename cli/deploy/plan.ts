// What a deployment will do, before it does anything: which stacks, in which order, in which accounts and regions, and how long it
// is likely to take.

import type { AssembledStack } from '../../lib/cloud_assembly.ts';
import { createdResources } from '../../lib/template.ts';

export interface Step {
  readonly stack: AssembledStack;
  readonly makes: boolean;
}

export interface Plan {
  readonly stage: string;
  /** Of the credentials. */
  readonly account: string;
  readonly steps: readonly Step[];
  /**
   * Zones of a locked stage of which nothing is protected yet: they are made without protection, so that CloudFormation can take
   * back a creation that fails, and then deployed once more with it.
   */
  readonly protectsLater: readonly string[];
  /** Why new code meets all requests at once, and no alarm takes it back; absent: it does not. */
  readonly atOnce?: 'asked for' | 'no alarms';
}

export interface Known {
  /** Region -> the stacks that it has, by name, with their state. */
  readonly deployed: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** The ids of stacks that are protected from deletion. */
  readonly protected: ReadonlySet<string>;
}

/** A first creation that was taken back left nothing. */
const isThere = (state: string | undefined): boolean =>
  state !== undefined && state !== 'ROLLBACK_COMPLETE' && state !== 'REVIEW_IN_PROGRESS';

/** @param atOnce whether whoever deploys asks for it */
export function planOf(
  stage: string,
  account: string,
  stacks: readonly AssembledStack[],
  known: Known,
  atOnce = false,
): Plan {
  const steps = stacks.map((stack) => ({ stack, makes: !isThere(known.deployed.get(stack.region)?.get(stack.name)) }));
  const zones = Map.groupBy(
    stacks.filter(({ group, terminationProtection }) => group !== '' && terminationProtection),
    ({ group }) => group,
  );
  const unprotected = [...zones].filter(([, locked]) => !locked.some(({ id }) => known.protected.has(id)));
  const protectsLater = unprotected.map(([group]) => group);
  // What is made without protection is changed at once until it stands.
  const lacksAlarms = steps.some((step) => !protectsLater.includes(step.stack.group) && isUnwatched(step, steps));
  const without = atOnce ? 'asked for' : lacksAlarms ? 'no alarms' : undefined;
  return { stage, account, steps, protectsLater, ...(without && { atOnce: without }) };
}

/** The stack of alarms beside a stack. */
export const watchOf = ({ stack }: Step, steps: readonly Step[]): Step | undefined =>
  steps.find(
    ({ stack: { id, group, region } }) =>
      group === stack.group && region === stack.region && lifecycleOf(id) === 'watch',
  );

/** Whether functions are there and the alarms that judge them are not: CodeDeploy would stop. */
const isUnwatched = (step: Step, steps: readonly Step[]): boolean =>
  !step.makes && shiftMinutesOf(step.stack) > 0 && watchOf(step, steps)?.makes !== false;

/** What is made without protection, and what each of it needs of its account. */
export const stepsToMake = ({ steps, protectsLater }: Plan): Step[] =>
  steps.filter(({ stack }) => stack.group === '' || protectsLater.includes(stack.group));

/** Minutes to make a stack, by its lifecycle: estimates, as the authors have not deployed it. What is only changed takes a third. */
const minutesToMake: Readonly<Record<string, number>> = {
  keys: 2,
  secrets: 1,
  network: 5,
  data: 3,
  relay: 2,
  edge: 2,
  functions: 4,
  api: 4,
  watch: 3,
  recovery: 2,
};
const otherMinutes = 2;
/** Tables with replicas are made in one region, then copied to the other. */
const replicaMinutes = 8;

const isReplicated = ({ template }: AssembledStack): boolean =>
  createdResources(template).some(
    ({ Type, Properties }) => Type === 'AWS::DynamoDB::GlobalTable' && Properties?.Replicas?.length > 1,
  );

/** For so long at most new versions of a stack's functions meet a part of the requests alone; 0: they meet all at once. */
export function shiftMinutesOf({ template }: AssembledStack): number {
  const resources = createdResources(template);
  if (!resources.some(({ Type, UpdatePolicy }) => Type === 'AWS::Lambda::Alias' && UpdatePolicy !== undefined))
    return 0;
  return Math.max(
    0,
    ...resources
      .filter(({ Type }) => Type === 'AWS::CodeDeploy::DeploymentGroup')
      .map(({ Properties }) => Number(/(\d+)Minutes$/.exec(String(Properties?.DeploymentConfigName))?.[1] ?? 0)),
  );
}

export const lifecycleOf = (id: string): string => id.slice(id.lastIndexOf('/') + 1);

export function minutesFor(plan: Plan): number {
  const minutes = ({ stack, makes }: Step): number =>
    ((minutesToMake[lifecycleOf(stack.id)] ?? otherMinutes) + (makes && isReplicated(stack) ? replicaMinutes : 0)) /
    (makes ? 1 : 3);
  const shifts = ({ stack, makes }: Step): number => (makes || plan.atOnce !== undefined ? 0 : shiftMinutesOf(stack));
  const total = (steps: readonly Step[]): number => steps.reduce((sum, step) => sum + minutes(step) + shifts(step), 0);
  const again = plan.protectsLater.length === 0 ? [] : stepsToMake(plan).map(({ stack }) => ({ stack, makes: false }));
  return Math.ceil(total(plan.steps) + total(again));
}
