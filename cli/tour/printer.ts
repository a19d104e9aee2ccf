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

type Paint = (text: string) => string;

/** Colours, or none. */
const palette = (colourful: boolean) => {
  const paint =
    (code: string): Paint =>
    (text) =>
      colourful ? `\u001b[${code}m${text}\u001b[0m` : text;
  return {
    bold: paint('1'),
    dim: paint('2'),
    green: paint('32'),
    red: paint('31'),
    yellow: paint('33'),
    blue: paint('36'),
  };
};
type Palette = ReturnType<typeof palette>;

const requestLines = (
  { method, path, as, body, key, region, shown = body }: Sent,
  { bold, dim, blue }: Palette,
): string[] => {
  const where = region === undefined ? '' : `, in ${region}`;
  const sender = dim(`as ${as.name}${where}${key === undefined ? '' : `, Idempotency-Key: ${key}`}`);
  const first = `   ${blue('→')} ${bold(method)} ${shortIds(path)}  ${sender}`;
  return body === undefined ? [first] : [first, `     ${short(shown)}`];
};

const replyLine = (
  { status, headers, json }: Reply,
  fields: readonly string[],
  { dim, green, yellow }: Palette,
): string => {
  const shown = status < 300 ? fields : ['code', 'detail'];
  const picked = Object.fromEntries(
    shown.flatMap((name) => ((json[name] ?? null) === null ? [] : [[name, json[name]]])),
  );
  const replayed = headers.has('Idempotent-Replayed') ? dim('  Idempotent-Replayed: true') : '';
  return `   ${status < 300 ? green(`← ${status}`) : yellow(`← ${status}`)} ${short(picked)}${replayed}`;
};

const tableLines = (long: readonly (readonly string[])[], { dim }: Palette): string[] => {
  const rows = long.map((row) => row.map(shortIds));
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row, at) => {
    const cells = row.map((cell, column) => cell.padEnd(widths[column] ?? 0));
    const text = cells.join('  ').trimEnd();
    return `   ${at === 0 ? dim(text) : text}`;
  });
};

export function printer(stream: Screen = process.stdout, noColor = process.env.NO_COLOR): Printer {
  const colours = palette(stream.isTTY === true && !noColor);
  const { bold, dim, green, red, blue } = colours;
  let chapters = 0;
  let met = 0;
  const write = (...lines: readonly string[]): void => {
    for (const line of lines) stream.write(`${line}\n`);
  };
  return {
    chapter(title) {
      chapters += 1;
      write('', bold(`${chapters}. ${title}`));
    },
    step: (text) => write(dim(text)),
    request: (sent) => write(...requestLines(sent, colours)),
    reply: (reply, fields) => write(replyLine(reply, fields, colours)),
    ledger: (charges) => write(`   ${dim('the processor’s ledger:')} ${short(charges)}`),
    arrived: (text) => write(`   ${blue('⇠')} ${shortIds(text)}`),
    table: (rows) => write(...tableLines(rows, colours)),
    says: (sentence) => write(`   ${green('✓')} ${sentence}`),
    end: (sentence) => write('', bold(sentence)),
    failed: ({ message, seen }) =>
      write('', red(`✗ Expected: ${message}`), ...(seen === '' ? [] : [`  Seen: ${seen}`])),
    met() {
      met += 1;
    },
    expectations: () => met,
  };
}
