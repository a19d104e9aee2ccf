// Route 53's fail-over on this machine: the address of a zone leads to its home, and to the second region while the alarm there
// says that the home does not answer as the writer. The alarm is the one that the template's health check names, or that would be
// named if the stage had a domain.

import * as v from 'valibot';
import type { Deployment } from '../cloudformation/deployment.ts';
import { type WatchedAlarm, watchAlarm } from '../cloudwatch/alarm.ts';
import { localLimits } from '../host/limits.ts';
import type { FunctionClock } from '../lambda/clock.ts';

const HealthCheck = v.object({
  HealthCheckConfig: v.object({ Type: v.string(), AlarmIdentifier: v.optional(v.object({ Name: v.string() })) }),
});
const nameOfAlarm = /-region-unreachable$/;

/** Undefined: the templates of the second region watch the home by no alarm. */
export const failoverAlarm = (second: Deployment): WatchedAlarm | undefined => {
  const named = second.of('AWS::Route53::HealthCheck').flatMap((check) => {
    const { AlarmIdentifier } = v.parse(HealthCheck, check.properties()).HealthCheckConfig;
    return AlarmIdentifier === undefined ? [] : [AlarmIdentifier.Name];
  });
  const alarm = second
    .of('AWS::CloudWatch::Alarm')
    .find(({ physical: { ref } }) => named.includes(ref) || nameOfAlarm.test(ref));
  return alarm && watchAlarm(second, alarm);
};

export interface Failover {
  /** A function of the second region wrote a line. */
  observe(logGroup: string, line: string): void;
  stop(): void;
}

export interface FailoverOptions {
  readonly alarm: WatchedAlarm;
  readonly clock: Pick<FunctionClock, 'aheadMs'>;
  /** False: the second region is down, and nobody evaluates its alarm. */
  readonly isWatching: () => boolean;
  /** Where clients are led from now on. */
  readonly lead: (to: 'home' | 'second') => void;
}

export const startFailover = ({ alarm, clock, isWatching, lead }: FailoverOptions): Failover => {
  const now = (): number => Date.now() + clock.aheadMs;
  let leading: 'home' | 'second' = 'home';
  const timer = setInterval(() => {
    const next = isWatching() && alarm.isRaised(now()) ? 'second' : 'home';
    if (next === leading) return;
    leading = next;
    lead(next);
  }, localLimits.failoverLookMs);
  return { observe: (logGroup, line) => alarm.observe(logGroup, line, now()), stop: () => clearInterval(timer) };
};
