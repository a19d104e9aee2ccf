// Builds what is published into sdk/dist: one JavaScript file that imports nothing, and its types; in dist/cjs the same for
// those who can only require CommonJS (Node before 20.19, TypeScript's node16). A name that only Node has does not compile
// here; whatever a bundler would only warn of fails.

import { execFile } from 'node:child_process';
import { copyFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { rolldown } from 'rolldown';

const folder = import.meta.dirname;

export async function buildSdk(dist = join(folder, 'dist')): Promise<void> {
  await rm(dist, { recursive: true, force: true });
  const build = await rolldown({
    input: { index: join(folder, 'src', 'index.ts') },
    cwd: folder,
    platform: 'neutral',
    transform: { target: 'es2022' },
    onLog(level, log) {
      if (level === 'warn') throw new Error(`building the SDK: ${log.message}`);
    },
  });
  const commonJs = join(dist, 'cjs');
  await build.write({ dir: dist, format: 'esm', codeSplitting: false });
  await build.write({ dir: commonJs, format: 'cjs', codeSplitting: false });
  await build.close();
  const tsc = join(folder, '..', 'node_modules', 'typescript', 'bin', 'tsc');
  await promisify(execFile)(process.execPath, [tsc, '-p', folder, '--outDir', dist]);
  // The nearest package.json says what a .js and a .d.ts file is.
  await writeFile(join(commonJs, 'package.json'), '{ "type": "commonjs" }\n');
  const types = (await readdir(dist)).filter((name) => name.endsWith('.d.ts'));
  await Promise.all(types.map((name) => copyFile(join(dist, name), join(commonJs, name))));
}

if (import.meta.main) await buildSdk();
