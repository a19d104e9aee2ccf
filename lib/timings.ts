// How long each part of a synthesis takes, written where STRONGROOM_TIMINGS says, and nowhere without it. `npm run bench -- --only
// synth` shows it. Nothing of it is in what is deployed.

import { writeFileSync } from 'node:fs';

/** Part -> ms, in the order in which they began. */
const parts: Record<string, number> = {};

const add = (part: string, began: number): void => {
  parts[part] = (parts[part] ?? 0) + performance.now() - began;
};

export function timed<T>(part: string, run: () => T): T {
  const began = performance.now();
  try {
    return run();
  } finally {
    add(part, began);
  }
}

export async function timedAsync<T>(part: string, run: () => Promise<T>): Promise<T> {
  const began = performance.now();
  try {
    return await run();
  } finally {
    add(part, began);
  }
}

/** Templates, and what AWS’s own validator says of them, which the CDK runs by itself unless CDK_VALIDATION is `false`. */
export const templatesPart = 'templates';
export const packPart = (pack: string): string => `pack ${pack}`;

export function writeTimings(): void {
  const file = process.env.STRONGROOM_TIMINGS;
  if (file === undefined) return;
  const packs = Object.entries(parts).filter(([part]) => part.startsWith(packPart('')));
  const inPacks = packs.reduce((sum, [, ms]) => sum + ms, 0);
  const { bundling = 0, constructs = 0, synthesis = 0 } = parts;
  const rows = {
    loading: performance.now() - bundling - constructs - synthesis,
    bundling,
    constructs,
    [templatesPart]: synthesis - inPacks,
    ...Object.fromEntries(packs),
  };
  writeFileSync(
    file,
    JSON.stringify(Object.fromEntries(Object.entries(rows).map(([part, ms]) => [part, Math.round(ms)]))),
  );
}
