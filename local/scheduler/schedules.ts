// EventBridge schedules of a zone: `rate(…)` only. Runs that were missed while the local cloud was stopped are not repeated:
// functions work on what is due, however often they are called.

import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import type { Deployment } from '../cloudformation/deployment.ts';
import { UserError } from '../host/user_error.ts';
import { type Authority, roleActor } from '../iam/authorize.ts';
import { sessionArn } from '../iam/principals.ts';
import { accessesOf } from '../iam/service_side.ts';
import type { Pool } from '../lambda/pool.ts';
import type { Outcome } from '../lambda/process.ts';

const Properties = v.object({
  ScheduleExpression: v.string(),
  State: v.optional(v.picklist(['ENABLED', 'DISABLED']), 'ENABLED'),
  Target: v.object({ Arn: v.string(), RoleArn: v.optional(v.string(), ''), Input: v.optional(v.string()) }),
});

export interface Schedule {
  readonly functionArn: string;
  /** The role under which Scheduler starts the function. */
  readonly roleArn: string;
  readonly everyMs: number;
  readonly enabled: boolean;
  /** Absent: the default event of EventBridge Scheduler. */
  readonly input: string | undefined;
  readonly scheduleArn: string;
}

const unitMs: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

export const readSchedules = (deployment: Deployment): Schedule[] =>
  deployment.of('AWS::Scheduler::Schedule').map((resource) => {
    const { ScheduleExpression, State, Target } = v.parse(Properties, resource.properties());
    const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(ScheduleExpression) ?? [];
    if (count === undefined || !Target.Arn.includes(':lambda:')) {
      throw new UserError(
        `stack ${resource.stack.name}: ${resource.logicalId}: only rate(…) schedules of functions are run locally, not ${ScheduleExpression} of ${Target.Arn}.`,
      );
    }
    return {
      functionArn: Target.Arn,
      roleArn: Target.RoleArn,
      everyMs: Number(count) * (unitMs[unit ?? ''] ?? Number.NaN),
      enabled: State === 'ENABLED',
      input: Target.Input,
      scheduleArn: resource.physical.attributes.Arn ?? '',
    };
  });

/** Context attributes that an input may name (EventBridge Scheduler user guide). */
const eventOf = ({ input, scheduleArn }: Schedule): unknown => {
  const now = `${new Date().toISOString().slice(0, 19)}Z`;
  if (input === undefined) {
    return {
      version: '0',
      id: randomUUID(),
      'detail-type': 'Scheduled Event',
      source: 'aws.scheduler',
      time: now,
      resources: [scheduleArn],
      detail: '{}',
    };
  }
  return JSON.parse(
    input
      .replaceAll('<aws.scheduler.schedule-arn>', scheduleArn)
      .replaceAll('<aws.scheduler.scheduled-time>', now)
      .replaceAll('<aws.scheduler.execution-id>', randomUUID())
      .replaceAll('<aws.scheduler.attempt-number>', '1'),
  );
};

export const runNow = (schedule: Schedule, pool: Pool): Promise<Outcome> => pool.invoke(eventOf(schedule));

/** Whether the schedule's role lets Scheduler start the function; a refusal is reported. */
export const scheduleMayStart = (authority: Authority, schedule: Schedule, region: string): boolean => {
  const { roleArn, functionArn, scheduleArn } = schedule;
  const actor = roleActor(roleArn, sessionArn(roleArn, scheduleArn.split('/').at(-1) ?? ''), region);
  return authority.permits(region, actor, accessesOf('startOnTime', functionArn));
};

/** Returns what stops them. */
export const startSchedules = (
  schedules: readonly Schedule[],
  pool: (functionArn: string) => Pool,
  warn: (text: string) => void,
): (() => void) => {
  const timers = schedules
    .filter(({ enabled }) => enabled)
    .map((schedule) =>
      setInterval(async () => {
        const target = pool(schedule.functionArn);
        const outcome = await runNow(schedule, target);
        if (outcome.kind !== 'returned') warn(`Scheduled run of ${target.name}: ${outcome.kind}`);
      }, schedule.everyMs),
    );
  return () => timers.forEach(clearInterval);
};
