// Text for a terminal of 80 columns. Colour is for a terminal alone: what is piped or redirected has none, nor where NO_COLOR is set.

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
  const margin = ' '.repeat(indent);
  let line = '';
  for (const word of text.split(' ').filter((each) => each !== '')) {
    if (line !== '' && indent + line.length + 1 + word.length > width) {
      lines.push(margin + line);
      line = '';
    }
    line += line === '' ? word : ` ${word}`;
  }
  return [...lines, margin + line];
}

/** $1,234.56 */
export const money = (dollars: number): string =>
  dollars.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** A label on the left, a figure on the right. */
export const figureRow = (label: string, figure: string, columns = width): string =>
  `${label.padEnd(columns - figure.length - 1).slice(0, columns - figure.length - 1)} ${figure}`;
