// Lambda's recursive loop detection (Lambda developer guide, "Use Lambda recursive loop detection to prevent infinite loops", and
// "Understanding the X-Ray tracing header", read December 2026): what a function sends while it works on a message names the
// chain of invocations that led there, and a chain that would invoke a function once more after 16 times is stopped; its message
// goes to the dead-letter queue. Streams and schedules begin new chains.

import { createHash, randomBytes } from 'node:crypto';

/** "Approximately 16 times": here exactly, and no product of ours may come near it. */
export const recursionLimit = 16;

const nameOf = (functionArn: string): string => createHash('sha256').update(functionArn).digest('hex').slice(0, 8);

const lineageOf = (trace: string | undefined): Map<string, number> => {
  const [, listed = ''] = /(?:^|;)Lineage=1:([0-9a-f:|]+)/.exec(trace ?? '') ?? [];
  const entries = listed.split('|').map((entry) => entry.split(':'));
  return new Map(entries.flatMap(([name, count]) => (name && count ? [[name, Number(count)] as const] : [])));
};

/** How often the function was invoked in the chain that this header ends. */
export const invocationsIn = (trace: string | undefined, functionArn: string): number =>
  lineageOf(trace).get(nameOf(functionArn)) ?? 0;

/** The header of an invocation of the function that continues the chain of `trace`; undefined: it begins one. */
export function traceOf(trace: string | undefined, functionArn: string): string {
  const lineage = lineageOf(trace);
  lineage.set(nameOf(functionArn), invocationsIn(trace, functionArn) + 1);
  const [root = newRoot()] = /Root=[0-9a-f-]+/.exec(trace ?? '') ?? [];
  return `${root};Lineage=1:${[...lineage].map(([name, count]) => `${name}:${count}`).join('|')}`;
}

const newRoot = (): string => `Root=1-${Math.floor(Date.now() / 1000).toString(16)}-${randomBytes(12).toString('hex')}`;

/** The longest chain of a batch, which is what the invocation continues. */
export const longestOf = (traces: readonly (string | undefined)[], functionArn: string): string | undefined =>
  [...traces].sort((one, other) => invocationsIn(other, functionArn) - invocationsIn(one, functionArn))[0];
