// Bundles every function of the contract by itself: the same sources give the same bytes, and a change in one function
// never changes another's bundle. A bundle must never load a dependency from elsewhere at run time (docs/decisions/0004).

import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { type OutputOptions, type Plugin, rolldown } from 'rolldown';
import { type FunctionName, functions } from '../contract/capabilities.ts';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const entryFile = 'index.mjs';

/** Folder of a function's bundle, for `Code.fromAsset`. */
export const bundleFolder = (name: FunctionName, into = dist): string => join(into, name);

/**
 * `import 'node:http'` makes Node list the module's exports, which loads undici; `process.getBuiltinModule` doesn't.
 * A CommonJS module takes its place, so that named imports become property reads; the builtin itself is loaded when one of
 * its properties is first read, so that a start does not pay for builtins that the SDK imports and does not use.
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
    handler(id) {
      const name = `node:${id.slice('builtin:'.length)}`;
      // It is always loaded, and its properties differ between processes.
      if (name === 'node:process') return 'module.exports = process;';
      const names = JSON.stringify(Object.keys(process.getBuiltinModule(name) ?? {}));
      return [
        'let loaded;',
        `const builtin = () => (loaded ??= process.getBuiltinModule('${name}'));`,
        `for (const name of ${names}) Object.defineProperty(exports, name, { enumerable: true, get: () => builtin()[name] });`,
      ].join('\n');
    },
  },
};

/**
 * Lambda gives a function its credentials through the environment, the first provider that the SDK asks. The other providers
 * (profiles, processes, instance metadata, single sign-on) are removed: they were a quarter of every bundle, and a function
 * without credentials must fail instead of finding others.
 */
const otherProviders = [
  'ContainerMetadata',
  'Http',
  'Ini',
  'InstanceMetadata',
  'LoginCredentials',
  'Process',
  'SSO',
  'TokenFile',
];
export const environmentCredentials: Plugin = {
  name: 'environment-credentials',
  resolveId: {
    filter: { id: /^@(?:aws-sdk|smithy)\/credential-provider-(?:http|imds|ini|login|process|sso|web-identity)$/ },
    handler: () => ({ id: 'credentials:elsewhere' }),
  },
  load: {
    filter: { id: /^credentials:elsewhere$/ },
    handler: () =>
      [
        "const none = () => () => { throw new Error('The environment holds no credentials'); };",
        `export { ${otherProviders.map((name) => `none as from${name}`).join(', ')} };`,
      ].join('\n'),
  },
};

/** No operation that we call answers or sends a stream of events; the SDK would load this only for one that does. */
const withoutEventStreams: Plugin = {
  name: 'without-event-streams',
  resolveId: {
    filter: { id: /^@smithy\/core\/event-streams$/ },
    handler: () => ({ id: 'event-streams:none' }),
  },
  load: {
    filter: { id: /^event-streams:none$/ },
    handler: () =>
      [
        "const none = () => { throw new Error('The bundle holds no event streams'); };",
        'export { none as EventStreamSerde, none as eventStreamSerdeProvider };',
      ].join('\n'),
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
    plugins: [lazyBuiltins, environmentCredentials, withoutEventStreams],
    onLog(level, log) {
      // What rolldown warns of (a name that nothing exports, a module that is not found) would fail in Lambda.
      if (level === 'warn') throw new Error(`bundling ${name}: ${log.message}`);
    },
  });
  const { output: chunks } = await build.generate(output);
  await build.close();
  const [entry, ...rest] = chunks;
  if (rest.length > 0) throw new Error(`bundling ${name}: more than one file`);
  await write(bundleFolder(name, into), entry.code);
}

/** Writes a bundle only when it differs, and as a whole, so that two processes can bundle at the same time. */
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
