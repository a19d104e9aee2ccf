// What the tour shows: numbered chapters, requests and replies in short, and a sentence on what they mean. Colours on
// terminals only (NO_COLOR: no-color.org). It must never print a secret.

import type { UnmetExpectation } from './expect.ts';
import type { Reply, Sent } from './wire.ts';

export interface Printer {
  chapter(title: string): void;
  step(line: string): void;
  request(sent: Sent): void;
  /** The named fields alone; of a problem its code and detail. */
  reply(reply: Reply, fields: readonly string[]): void;
  ledger(charges: readonly unknown[]): void;
  /** Something that came to us unasked. */
  arrived(line: string): void;
  table(rows: readonly (readonly string[])[]): void;
  says(sentence: string): void;
  end(sentence: string): void;
  failed(disappointment: UnmetExpectation): void;
  /** Counts one expectation that was met. */
  met(): void;
  expectations(): number;
}

const widest = 120;

/** Ids as people compare them: by kind and first letters. */
const shortIds = (text: string): string => text.replace(/\b([a-z]+_[a-z]+_[a-z2-7]{6})[a-z2-7]{20}\b/g, '$1…');

const short = (value: unknown): string => {
  const text = shortIds(JSON.stringify(value)).replace(/":/g, '": ').replace(/,"/g, ', "');
  return text.length > widest ? `${text.slice(0, widest - 1)}…` : text;
};

/** As much of a stream as printing needs. */
export interface Screen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export function printer(stream: Screen = process.stdout, noColor = process.env.NO_COLOR): Printer {
  const colourful = stream.isTTY === true && !noColor;
  const paint = (code: string) => (text: string) => (colourful ? `\u001b[${code}m${text}\u001b[0m` : text);
  const [bold, dim, green, red, yellow, blue] = ['1', '2', '32', '31', '33', '36'].map(paint) as [
    Paint,
    Paint,
    Paint,
    Paint,
    Paint,
    Paint,
  ];
  let chapters = 0;
  let met = 0;
  const line = (text = ''): void => {
    stream.write(`${text}\n`);
  };
  return {
    chapter(title) {
      chapters += 1;
      line();
      line(bold(`${chapters}. ${title}`));
    },
    step: (text) => line(dim(text)),
    request({ method, path, as, body, key }) {
      line(
        `   ${blue('→')} ${bold(method)} ${shortIds(path)}  ${dim(`as ${as.name}${key === undefined ? '' : `, Idempotency-Key: ${key}`}`)}`,
      );
      if (body !== undefined) line(`     ${short(body)}`);
    },
    reply({ status, headers, json }, fields) {
      const shown = status < 300 ? fields : ['code', 'detail'];
      const picked = Object.fromEntries(
        shown.flatMap((name) => ((json[name] ?? null) === null ? [] : [[name, json[name]]])),
      );
      const replayed = headers.has('Idempotent-Replayed') ? dim('  Idempotent-Replayed: true') : '';
      line(`   ${status < 300 ? green(`← ${status}`) : yellow(`← ${status}`)} ${short(picked)}${replayed}`);
    },
    ledger: (charges) => line(`   ${dim('the processor’s ledger:')} ${short(charges)}`),
    arrived: (text) => line(`   ${blue('⇠')} ${shortIds(text)}`),
    table(long) {
      const rows = long.map((row) => row.map(shortIds));
      const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
      for (const [at, row] of rows.entries()) {
        const text = row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd();
        line(`   ${at === 0 ? dim(text) : text}`);
      }
    },
    says: (sentence) => line(`   ${green('✓')} ${sentence}`),
    end(sentence) {
      line();
      line(bold(sentence));
    },
    failed({ message, seen }) {
      line();
      line(red(`✗ Expected: ${message}`));
      if (seen !== '') line(`  Seen: ${seen}`);
    },
    met() {
      met += 1;
    },
    expectations: () => met,
  };
}

type Paint = (text: string) => string;
