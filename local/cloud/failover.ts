// Route 53's fail-over on this machine: the address of a zone leads to its home, and to the second region while an alarm there says
// that the home does not answer, or that the second region writes.

import type { Deployment } from '../cloudformation/deployment.ts';
import { type WatchedAlarm, watchAlarm } from '../cloudwatch/alarm.ts';
import { localLimits } from '../host/limits.ts';
import type { FunctionClock } from '../lambda/clock.ts';

const followed = /-(?:region-unreachable|second-region-writes)$/;

/** Those that health checks of the zone's names follow, or would follow if the stage had a domain. */
export const failoverAlarms = (second: Deployment): WatchedAlarm[] =>
  second
    .of('AWS::CloudWatch::Alarm')
    .filter(({ physical: { ref } }) => followed.test(ref))
    .map((alarm) => watchAlarm(second, alarm));

export interface Failover {
  /** A function of the second region wrote a line. */
  observe(logGroup: string, line: string): void;
  stop(): void;
}

export interface FailoverOptions {
  readonly alarms: readonly WatchedAlarm[];
  readonly clock: Pick<FunctionClock, 'aheadMs'>;
  /** False: the second region is down, and nobody evaluates its alarm. */
  readonly isWatching: () => boolean;
  /** Where clients are led from now on. */
  readonly lead: (to: 'home' | 'second') => void;
}

export const startFailover = ({ alarms, clock, isWatching, lead }: FailoverOptions): Failover => {
  const now = (): number => Date.now() + clock.aheadMs;
  let leading: 'home' | 'second' = 'home';
  const timer = setInterval(() => {
    const next = isWatching() && alarms.some((alarm) => alarm.isRaised(now())) ? 'second' : 'home';
    if (next === leading) return;
    leading = next;
    lead(next);
  }, localLimits.failoverLookMs);
  return {
    observe: (logGroup, line) => {
      for (const alarm of alarms) alarm.observe(logGroup, line, now());
    },
    stop: () => clearInterval(timer),
  };
};
