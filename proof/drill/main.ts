// `npm run drill`: loses every table of a zone in memory, restores them by `strongroom restore run`, and looks at what came back. It
// ends with a dated record. The same with a mistake must fail.

import { type Drilled, drill, type Mistake } from './drill.ts';

const usage = `Loses every table of a zone in memory and restores them to a point in time.

  npm run drill

It plays a day of payments and customers, deletes every row, restores by the
code of strongroom restore run, and compares what came back with the ledger of
the processor and the audit trail. Then it makes mistakes on purpose, which it
must notice. Times are of tables in memory: they say nothing of AWS.
`;

const mistakes: readonly Mistake[] = ['keys of that time', 'a forgotten table', 'the trail of that time'];
const say = (text: string): void => void process.stdout.write(`${text}\n`);

function report({ faults, lines, payments, restored }: Drilled, startedMs: number): void {
  say(`A day with ${payments} payments. Every row of every table was deleted, and restored:\n`);
  for (const line of lines) say(line);
  say('');
  for (const fault of faults) say(`  NOT RIGHT: ${fault}`);
  if (restored !== null && faults.length === 0)
    say(
      '  Each payment is as its processor has it, or reported; nobody was charged twice;\n  who was erased stays erased; work goes on.',
    );
  say(
    `\n${new Date().toISOString()}  drill ${faults.length === 0 ? 'passed' : 'FAILED'} in ${((performance.now() - startedMs) / 1000).toFixed(1)} s`,
  );
}

async function main(): Promise<number> {
  if (process.argv.slice(2).some((each) => each === '--help' || each === '-h')) {
    say(usage);
    return 0;
  }
  const startedMs = performance.now();
  const drilled = await drill();
  report(drilled, startedMs);
  if (drilled.faults.length > 0) return 1;
  say('\nWith a mistake:');
  let missed = 0;
  for (const mistake of mistakes) {
    const [fault] = (await drill(mistake)).faults;
    if (fault === undefined) missed += 1;
    say(`  ${mistake}: ${fault === undefined ? 'NOT NOTICED' : (fault.split('\n')[0] ?? '')}`);
  }
  return missed === 0 ? 0 : 1;
}

process.exitCode = await main();
