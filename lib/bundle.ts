// Bundles every function of the contract by itself: the same sources give the same bytes, and a change in one function
// never touches another's bundle. It must never leave a dependency to be found at run time (docs/decisions/0004).

import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';
import { type OutputOptions, type Plugin, rolldown } from 'rolldown';
import { type FunctionName, functions } from '../contract/functions.ts';

const root = join(import.meta.dirname, '..');

/** Where a function's bundle lies: what `Code.fromAsset` is given. */
export const bundleFolder = (name: FunctionName, into = join(root, 'dist')): string => join(into, name);

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
  entryFileNames: 'index.mjs',
  codeSplitting: false,
};

export interface BundleOptions {
  readonly into?: string;
  readonly plugins?: readonly Plugin[];
  readonly output?: OutputOptions;
}

async function bundleFunction(name: FunctionName, options: BundleOptions): Promise<void> {
  const build = await rolldown({
    input: { index: join(root, 'lambdas', 'functions', `${name}.ts`) },
    cwd: root,
    platform: 'node',
    resolve: { mainFields: ['module', 'main'] },
    plugins: [...(options.plugins ?? [lazyBuiltins])],
    onLog(level, log) {
      // What rolldown only warns of (an import that nothing exports, an unresolved module) fails in Lambda.
      if (level === 'warn') throw new Error(`bundling ${name}: ${log.message}`);
    },
  });
  const folder = bundleFolder(name, options.into);
  const files = new Map<string, string>();
  const generated = await build.generate({ ...output, ...options.output });
  await build.close();
  for (const file of generated.output)
    files.set(file.fileName, file.type === 'chunk' ? file.code : String(file.source));
  await write(folder, files);
}

/** Writes only what differs, so that two who bundle at the same time do not disturb each other. */
async function write(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  await mkdir(folder, { recursive: true });
  const present = await readdir(folder);
  for (const [name, code] of files) {
    const path = join(folder, name);
    if (present.includes(name) && (await readFile(path, 'utf8')) === code) continue;
    await mkdir(dirname(path), { recursive: true });
    const partial = `${folder}.${process.pid}.partial`;
    await writeFile(partial, code);
    await rename(partial, path);
  }
  await Promise.all(
    present.filter((name) => !files.has(name)).map((name) => rm(join(folder, name), { recursive: true })),
  );
}

/** Bundles all functions, in parallel in this process. */
export async function bundleFunctions(options: BundleOptions = {}): Promise<void> {
  await Promise.all((Object.keys(functions) as FunctionName[]).map((name) => bundleFunction(name, options)));
}
