// Text for a terminal of 80 columns, and what is typed there. Colour is for a terminal alone: what is piped or redirected has none, nor where NO_COLOR is set.

import { createInterface } from 'node:readline/promises';
import { styleText } from 'node:util';

export const width = 80;

type Style = 'bold' | 'red' | 'yellow' | 'green' | 'dim';

/** `styleText` looks at the stream and at NO_COLOR by itself. */
export const paint = (style: Style, text: string): string => styleText(style, text, { stream: process.stdout });

/** Words in lines of at most 80 columns, each line behind `indent` spaces. A line break starts a line. */
export const wrap = (text: string, indent = 0): string =>
  text
    .split('\n')
    .flatMap((paragraph) => wrapParagraph(paragraph, indent))
    .join('\n');

function wrapParagraph(text: string, indent: number): string[] {
  const lines: string[] = [];
  const room = width - indent;
  let line = '';
  for (const word of text.split(' ').flatMap((each) => cut(each, room))) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = '';
    }
    line += line === '' ? word : ` ${word}`;
  }
  return [...lines, line].map((each) => ' '.repeat(indent) + each);
}

/** A word that is longer than a line, in pieces that fit. */
const cut = (word: string, room: number): string[] => word.match(new RegExp(`.{1,${room}}`, 'g')) ?? [];

/** $1,234.56 */
export const money = (dollars: number): string =>
  dollars.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** A label on the left, a figure on the right. */
export const figureRow = (label: string, figure: string, columns = width): string =>
  `${label.padEnd(columns - figure.length - 1).slice(0, columns - figure.length - 1)} ${figure}`;

/** What a person types; nothing where nobody is there. */
export async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const ended = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
    return await Promise.race([terminal.question(question), ended]);
  } finally {
    terminal.close();
  }
}
