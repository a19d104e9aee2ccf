// Bundles every function of the contract by itself: the same sources give the same bytes, and a change in one function
// never touches another's bundle. It must never leave a dependency to be found at run time (docs/decisions/0004).

import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { type OutputOptions, type Plugin, rolldown } from 'rolldown';
import { type FunctionName, functions } from '../contract/functions.ts';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const entryFile = 'index.mjs';

/** Where a function's bundle lies: what `Code.fromAsset` is given. */
export const bundleFolder = (name: FunctionName, into = dist): string => join(into, name);

/**
 * `import 'node:http'` makes Node list the module's exports, which loads undici; `process.getBuiltinModule` doesn't.
 * A CommonJS module stands in, so that named imports become property reads.
 */
export const lazyBuiltins: Plugin = {
  name: 'lazy-builtins',
  resolveId: {
    // Filters are applied without leaving rolldown's own threads.
    filter: { id: new RegExp(`^(?:node:)?(?:${builtinModules.filter((name) => !name.startsWith('_')).join('|')})$`) },
    handler(source, importer) {
      // Rolldown's own runtime is what makes CommonJS modules work, so it cannot import one.
      if (importer?.startsWith('\0rolldown')) return null;
      return { id: `builtin:${source.replace(/^node:/, '')}` };
    },
  },
  load: {
    filter: { id: /^builtin:/ },
    handler: (id) => `module.exports = process.getBuiltinModule('node:${id.slice('builtin:'.length)}');`,
  },
};

const output: OutputOptions = {
  format: 'esm',
  // Names stay as written: stack traces name our functions, and the SDK and our errors read `constructor.name`.
  minify: { compress: true, codegen: true, mangle: false },
  keepNames: true,
  sourcemap: false,
  entryFileNames: entryFile,
  codeSplitting: false,
};

async function bundleFunction(name: FunctionName, into: string): Promise<void> {
  const build = await rolldown({
    input: { index: join(root, 'lambdas', 'functions', `${name}.ts`) },
    cwd: root,
    platform: 'node',
    resolve: { mainFields: ['module', 'main'] },
    plugins: [lazyBuiltins],
    onLog(level, log) {
      // What rolldown only warns of (a name that nothing exports, a module that is not found) fails in Lambda.
      if (level === 'warn') throw new Error(`bundling ${name}: ${log.message}`);
    },
  });
  const { output: chunks } = await build.generate(output);
  await build.close();
  const [entry, ...rest] = chunks;
  if (rest.length > 0) throw new Error(`bundling ${name}: more than one file`);
  await write(bundleFolder(name, into), entry.code);
}

/** Writes only what differs, and whole, so that two who bundle at the same time do not disturb each other. */
async function write(folder: string, code: string): Promise<void> {
  const path = join(folder, entryFile);
  await mkdir(folder, { recursive: true });
  const present = await readdir(folder);
  await Promise.all(
    present.filter((name) => name !== entryFile).map((name) => rm(join(folder, name), { recursive: true })),
  );
  if (present.includes(entryFile) && (await readFile(path, 'utf8')) === code) return;
  const partial = `${folder}.${process.pid}.partial`;
  await writeFile(partial, code);
  await rename(partial, path);
}

/** Bundles all functions, in parallel in this process. */
export async function bundleFunctions(into = dist): Promise<void> {
  await Promise.all((Object.keys(functions) as FunctionName[]).map((name) => bundleFunction(name, into)));
}
