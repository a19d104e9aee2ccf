// The size of each function's bundle, as Node reads it and as it is uploaded (zipped, of which gzip is a fair guess).

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type FunctionName, functions } from '../../contract/functions.ts';
import { bundleFolder } from '../../lib/bundle.ts';
import type { Measure } from './measure.ts';

export const bundles: readonly Measure[] = (Object.keys(functions) as FunctionName[]).map((name) => ({
  name: `bundle ${name}`,
  unit: 'bytes',
  run: async () => {
    const code = await readFile(join(bundleFolder(name), 'index.mjs'));
    return { value: code.length, more: { gzip: gzipSync(code, { level: 9 }).length } };
  },
}));
