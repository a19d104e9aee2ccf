// What a run tells: figures in a table, and for what broke the smallest schedule, readable and replayable.

import { faults } from './faults.ts';
import type { Violation } from './invariants.ts';
import type { Lived, Schedule } from './schedule.ts';
import type { Tally } from './tally.ts';

const number = (value: number): string => value.toLocaleString('en-US');

export const figures = (name: string, tally: Tally, seconds: number): string => {
  const { worlds, operations, requests, calls, facts, hits, notifications } = tally;
  const lines = [
    `${name}: ${number(operations)} operations in ${number(worlds)} worlds, ${seconds.toFixed(1)} s ` +
      `(${number(Math.round(operations / Math.max(seconds, 0.001)))} a second)`,
    `  ${number(requests)} requests, ${number(calls)} calls to AWS, ${number(facts)} facts, ${number(hits)} webhooks, ` +
      `${number(notifications)} notifications`,
    `  faults: ${Object.entries(tally.faults)
      .sort(([, a], [, b]) => b - a)
      .map(([fault, count]) => `${number(count)} ${fault}`)
      .join(', ')}`,
    `  worlds in which something did not hold: ${number(tally.brokenWorlds)}`,
  ];
  return lines.join('\n');
};

export const listed = (violations: readonly Violation[]): string =>
  violations.map(({ rule, what }) => `  ${rule}\n    ${what}`).join('\n');

/** A schedule in words. */
export function described({ plan, faults: chosen }: Schedule): string {
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
  return [
    ...plan.intentions.map(({ name, operation, body, payment, arrivals }) => {
      const times = arrivals.map(({ client, atMs }) => `client ${client} at ${seconds(atMs)}`).join(', ');
      return `  ${name}: ${operation} ${JSON.stringify(body)}${payment === null ? '' : ` on the payment of ${payment}`}; ${times}`;
    }),
    ...(plan.outage === null
      ? []
      : [`  nothing runs from ${seconds(plan.outage.atMs)} for ${seconds(plan.outage.lastsMs)}`]),
    ...(plan.strike === null
      ? []
      : [
          `  the processor ${plan.strike.as === 'refuses' ? 'refuses the account' : 'answers nothing'} from ${seconds(plan.strike.fromMs)} to ${seconds(plan.strike.untilMs)}`,
        ]),
    ...(plan.connected ? ['  payments go through connections, whose processor tells of them'] : []),
    ...plan.forgeries.map(({ about, atMs }) => `  a fact that lies about its ${about} is written at ${seconds(atMs)}`),
    ...(plan.webhooks?.acts ?? []).map(
      ({ kind, merchant, atMs }) => `  merchant ${merchant} wants to ${kind} at ${seconds(atMs)}`,
    ),
    ...(plan.webhooks?.outages ?? []).map(
      ({ merchant, atMs, lastsMs, as }) =>
        `  the receiver of merchant ${merchant} is ${as} from ${seconds(atMs)} for ${seconds(lastsMs)}`,
    ),
    ...chosen.map(([address, fault]) => `  ${address}: ${fault}, ${faults[fault].what}`),
  ].join('\n');
}

export const ended = ({ left, violations }: Lived): string =>
  violations.length === 0
    ? `All invariants hold (${left.counted.requests} requests, ${left.met.length} faults).`
    : `What does not hold:\n${listed(violations)}`;
