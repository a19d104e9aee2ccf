// Text for a terminal of 80 columns. Colour is for a terminal alone: what is piped or redirected has none, nor where NO_COLOR is set.

import { styleText } from 'node:util';

export const width = 80;

type Style = 'bold' | 'red' | 'yellow' | 'green' | 'dim';

/** `styleText` looks at the stream and at NO_COLOR by itself. */
export const paint = (style: Style, text: string): string => styleText(style, text, { stream: process.stdout });

/** Words in lines of at most 80 columns, each line behind `indent` spaces; the first starts with `first` instead. */
export function wrap(text: string, indent = 0, first = ' '.repeat(indent)): string {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of text.split(' ')) {
    if (!empty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = ' '.repeat(indent);
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line].join('\n');
}

/** $1,234.56 */
export const money = (dollars: number): string =>
  dollars.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** A label on the left, a figure on the right. */
export const figureRow = (label: string, figure: string, columns = width): string =>
  `${label.padEnd(columns - figure.length - 1).slice(0, columns - figure.length - 1)} ${figure}`;
