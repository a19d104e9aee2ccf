// Bundles the reference as a good team would: esbuild, ESM, minified, one file per function for Node 24, the SDK bundled
// and so pinned, with the `require` that CommonJS packages in an ESM bundle need.

import { join } from 'node:path';
import { build } from 'esbuild';

export const typicalFunctions = ['authorizer', 'create', 'get'] as const;
export type TypicalFunction = (typeof typicalFunctions)[number];

export const typicalBundle = (name: TypicalFunction, folder: string): string => join(folder, name, 'index.mjs');

export async function bundleTypical(folder: string): Promise<void> {
  await Promise.all(
    typicalFunctions.map((name) =>
      build({
        entryPoints: [join(import.meta.dirname, `${name}.ts`)],
        outfile: typicalBundle(name, folder),
        bundle: true,
        minify: true,
        treeShaking: true,
        platform: 'node',
        target: 'node24',
        format: 'esm',
        mainFields: ['module', 'main'],
        banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
        logLevel: 'error',
      }),
    ),
  );
}
