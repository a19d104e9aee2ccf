// What an operator reads before, while and after the lease is handed over.

import type { WriterLease } from '../../contract/writer/lease.ts';
import { writerLimits as limits } from '../../contract/writer/limits.ts';
import { paint, wrap } from '../terminal.ts';
import { type Phase, writesUntilMs } from './follow.ts';
import type { RegionHealth } from './zone.ts';

export interface Status {
  readonly title: string;
  readonly lease: WriterLease;
  readonly nowMs: number;
  /** By region, the home first. */
  readonly health: ReadonlyMap<string, RegionHealth>;
}

const seconds = (ms: number): number => Math.round(ms / 1_000);
const row = (label: string, text: string): string => `  ${label.padEnd(14)} ${text}`;

function leaseText({ until_ms, successor }: WriterLease, nowMs: number): string {
  const left = seconds(until_ms - nowMs);
  if (left <= 0) return `ended ${-left} s ago: no region takes writes`;
  return successor === null
    ? `ends in ${left} s, and is renewed every minute`
    : `ends in ${left} s, and is renewed no more`;
}

const alarmText = (alarms: RegionHealth['alarms']): string[] => {
  if (alarms === null) return ['alarms unknown'];
  return alarms.length === 0 ? [] : [`alarm: ${alarms.join(', ')}`];
};

export const statusLines = ({ title, lease, nowMs, health }: Status): string[] => [
  paint('bold', title),
  row('writer', `${lease.holder}, epoch ${lease.epoch}`),
  row('lease', leaseText(lease, nowMs)),
  row('hand-over', lease.successor === null ? 'none' : `to ${lease.successor}, under way`),
  ...[...health].map(([region, { answers, alarms }], at) =>
    row(
      region,
      [at === 0 ? 'home' : 'second', answers ? 'answers' : 'does not answer', ...alarmText(alarms)].join(', '),
    ),
  ),
];

/** The fence, and the standby's next look: longer only where a start of its lease function is late. */
const pauseSeconds = { least: seconds(limits.skewMs + limits.writeMs), usually: 40 } as const;

export const handOverText = ({ holder }: WriterLease, to: string): string =>
  wrap(
    `${holder} renews its lease no more. It goes on writing until the lease has nearly ended, within ${seconds(limits.leaseMs) / 60} minutes. ` +
      `Then no region takes writes, for ${pauseSeconds.least} to ${pauseSeconds.usually} s as a rule: they are answered with 503 and Retry-After. ` +
      `Then ${to} writes. Reads go on in both all the while.`,
  );

export const withdrawText = ({ holder }: WriterLease, from: string): string =>
  wrap(`${holder} keeps the lease and renews it again; ${from} stays the standby.`);

export const phaseText = (phase: Phase, lease: WriterLease, nowMs: number): string => {
  const { holder, successor, until_ms } = lease;
  switch (phase) {
    case 'writes':
      return `${holder} writes for ${seconds(writesUntilMs(lease) - nowMs)} s more.`;
    case 'pauses':
      return `No region takes writes. The lease ends in ${seconds(until_ms - nowMs)} s.`;
    case 'ended':
      return wrap(`The lease has ended. ${successor} takes it when its lease function looks next, within two minutes.`);
    case 'unknown':
      return wrap('DynamoDB does not answer in either region. The hand-over does not wait for this command.');
  }
};

export const heldText = ({ holder, epoch }: WriterLease, withoutWriterMs: number): string =>
  wrap(
    `${holder} writes, epoch ${epoch}. For ${Math.ceil(withoutWriterMs / 1_000)} s no region took writes. ` +
      "The zone's address follows by itself where Route 53 leads it (docs/deploying.md).",
  );

export const lateText = ({ holder, until_ms }: WriterLease, to: string, nowMs: number): string => {
  const since = until_ms < nowMs ? `, ${seconds(nowMs - until_ms)} s after it ended` : '';
  return `${to} has not taken the lease${since}. Look why its lease function does not: docs/runbooks/writer_lease-stopped.md. --withdraw gives the lease back to ${holder}; --status shows it.`;
};
