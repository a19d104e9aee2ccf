// The size of each function's bundle, as Node reads it and as it is uploaded (zipped, of which gzip is a fair guess).

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type FunctionName, functions } from '../../contract/capabilities.ts';
import { bundleFolder } from '../../lib/bundle.ts';
import type { Bench } from './measure.ts';

export const bundles: Bench = {
  name: 'bytes',
  about: 'bundles of all functions, as Node reads them',
  run: () =>
    Promise.all(
      (Object.keys(functions) as FunctionName[]).map(async (name) => {
        const code = await readFile(join(bundleFolder(name), 'index.mjs'));
        const gzip = gzipSync(code, { level: 9 }).length;
        return { name: `bundle ${name}`, unit: 'bytes', ours: code.length, more: { gzip } } as const;
      }),
    ),
};
