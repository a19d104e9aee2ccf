// Writes docs/generated from the contract: `npm run docs`. The same sources give the same bytes. With `--check` it writes
// nothing and names what is stale. It must never touch the files of the compliance writer (generate/surface.ts).

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Documents, documents } from './documents.ts';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'docs', 'generated');
/** Folders in which nothing but what is written here may lie: the page of an error that is gone goes too. */
const wholeFolders = ['errors'];

const usage = `Writes the generated documents into docs/generated.

  node generate/main.ts            writes what differs
  node generate/main.ts --check    writes nothing; ends with 1 and names what is stale
  node generate/main.ts --help     this text
`;

const left = (made: Documents): string[] =>
  wholeFolders
    .flatMap((name) =>
      existsSync(join(folder, name)) ? readdirSync(join(folder, name)).map((f) => `${name}/${f}`) : [],
    )
    .filter((file) => made[file] === undefined);

const differing = (made: Documents): string[] =>
  Object.entries(made)
    .filter(([file, text]) => !existsSync(join(folder, file)) || readFileSync(join(folder, file), 'utf8') !== text)
    .map(([file]) => file);

/** The compliance documents, which have a writer of their own. */
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
  const made = documents();
  const stale = differing(made);
  const gone = left(made);
  if (values.check) {
    for (const file of [...stale, ...gone]) console.error(`docs/generated/${file} is stale: run npm run docs`);
    return surface(true) && stale.length + gone.length === 0 ? 0 : 1;
  }
  for (const file of stale) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), made[file] ?? '');
  }
  for (const file of gone) rmSync(join(folder, file));
  console.log(`docs/generated: ${Object.keys(made).length} documents, ${stale.length} written, ${gone.length} removed`);
  return surface(false) ? 0 : 1;
}

try {
  process.exitCode = main();
} catch (thrown) {
  console.error(thrown instanceof Error ? thrown.message : String(thrown));
  process.exitCode = 1;
}
