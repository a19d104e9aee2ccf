// A synthesis of the reference configuration, made for a document and gone afterwards, or the one that the caller has.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @param from Folder of a synthesis. Absent: one is made. */
export async function readingAssembly<T>(from: string | undefined, read: (assembly: string) => T): Promise<T> {
  if (from !== undefined) return read(from);
  // Loaded here only: the CDK takes as long to load as everything else together.
  const [{ synthesize }, { referenceConfig }] = await Promise.all([
    import('../lib/synthesize.ts'),
    import('../lib/reference_config.ts'),
  ]);
  const outdir = mkdtempSync(join(tmpdir(), 'strongroom-synthesis-'));
  try {
    await synthesize(referenceConfig, outdir);
    return read(outdir);
  } finally {
    rmSync(outdir, { recursive: true });
  }
}
