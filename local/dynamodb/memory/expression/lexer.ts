// Cuts an expression into its words (DynamoDB developer guide, "Expressions"). Anything else is a syntax error.

import { invalid } from '../error.ts';

/** `#name` and `:value` are placeholders; a number occurs between brackets alone. */
export type TokenKind = 'word' | 'name' | 'value' | 'number' | 'symbol' | 'end';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

const pattern = /\s*(?:(#\w+)|(:\w+)|([A-Za-z]\w*)|(\d+)|(<>|<=|>=|[()[\].,=<>+-]))/y;
const end: Token = { kind: 'end', text: '<EOF>' };

/** Expression size: developer guide, "Constraints in Amazon DynamoDB". */
const mostExpressionBytes = 4096;

export const tokensOf = (text: string, kind: string): readonly Token[] => {
  if (Buffer.byteLength(text) > mostExpressionBytes) {
    throw invalid(
      `Invalid ${kind}: Expression size has exceeded the maximum allowed size; expression size: ${Buffer.byteLength(text)}`,
    );
  }
  const whole = text.trimEnd();
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  while (pattern.lastIndex < whole.length) {
    const from = pattern.lastIndex;
    const match = pattern.exec(whole);
    if (match === null) {
      const rest = whole.slice(from).trimStart();
      throw invalid(`Invalid ${kind}: Syntax error; token: "${rest[0]}", near: "${rest.slice(0, 12)}"`);
    }
    const [, name, value, word, number, symbol = ''] = match;
    if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else if (value !== undefined) tokens.push({ kind: 'value', text: value });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else tokens.push({ kind: 'symbol', text: symbol });
  }
  return [...tokens, end];
};
