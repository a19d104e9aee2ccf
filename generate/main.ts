// Writes docs/generated from the contract: `npm run docs`. The same sources give the same bytes. With `--check` it writes
// nothing and names the stale documents. The compliance documents have a writer of their own: generate/surface.ts.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Documents, documents } from './documents.ts';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'docs', 'generated');
/** Folders that hold generated documents only: when a code is removed, so is its page. */
const ownedFolders = ['errors'];

const usage = `Writes the generated documents into docs/generated.

  node generate/main.ts            writes the documents that differ
  node generate/main.ts --check    writes nothing; names the stale documents and exits with 1 if there are any
  node generate/main.ts --help     shows this text
`;

const obsolete = (generated: Documents): string[] =>
  ownedFolders
    .flatMap((name) =>
      existsSync(join(folder, name)) ? readdirSync(join(folder, name)).map((file) => `${name}/${file}`) : [],
    )
    .filter((file) => generated[file] === undefined);

const stale = (generated: Documents): string[] =>
  Object.entries(generated)
    .filter(([file, text]) => !existsSync(join(folder, file)) || readFileSync(join(folder, file), 'utf8') !== text)
    .map(([file]) => file);

/** False where the writer of the compliance documents failed, or found one stale. */
function surface(check: boolean): boolean {
  try {
    execFileSync(process.execPath, ['generate/surface.ts', ...(check ? ['--check'] : [])], {
      cwd: root,
      stdio: 'inherit',
    });
    return true;
  } catch {
    return false;
  }
}

function main(): number {
  const { values } = parseArgs({ options: { check: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const generated = documents();
  const different = stale(generated);
  const removed = obsolete(generated);
  if (values.check) {
    for (const file of [...different, ...removed]) console.error(`docs/generated/${file} is stale: run npm run docs`);
    return surface(true) && different.length + removed.length === 0 ? 0 : 1;
  }
  for (const file of different) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), generated[file] ?? '');
  }
  for (const file of removed) rmSync(join(folder, file));
  const counts = `${Object.keys(generated).length} documents, ${different.length} written, ${removed.length} removed`;
  console.log(`docs/generated: ${counts}`);
  return surface(false) ? 0 : 1;
}

try {
  process.exitCode = main();
} catch (thrown) {
  console.error(thrown instanceof Error ? thrown.message : String(thrown));
  process.exitCode = 1;
}
