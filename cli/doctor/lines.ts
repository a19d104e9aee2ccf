// Findings as lines for a person.

import { paint, wrap } from '../terminal.ts';
import type { Finding, Verdict } from './finding.ts';

const styles: Readonly<Record<Verdict, 'green' | 'dim' | 'yellow' | 'red'>> = {
  ok: 'green',
  note: 'dim',
  unknown: 'yellow',
  wrong: 'red',
};

const indent = 10;

export function findingLines(findings: readonly Finding[]): string[] {
  return findings.flatMap(({ what, verdict, says, hint }) => {
    const [first = '', ...rest] = wrap(`${what}: ${says}`, indent).split('\n');
    return [
      `  ${paint(styles[verdict], verdict.padEnd(indent - 2))}${first.slice(indent)}`,
      ...rest,
      ...(hint === undefined ? [] : [wrap(hint, indent + 2)]),
    ];
  });
}

/** One sentence about all of them. */
export function summaryOf(findings: readonly Finding[]): string {
  const count = (verdict: Verdict): number => findings.filter((finding) => finding.verdict === verdict).length;
  const [wrong, unknown] = [count('wrong'), count('unknown')];
  const doubt =
    unknown === 0
      ? ''
      : ` ${unknown} could not be looked at, and ${unknown === 1 ? 'is' : 'are'} not known to be well.`;
  return wrong === 0 ? `Nothing is wrong.${doubt}` : `${wrong} to put right.${doubt}`;
}
