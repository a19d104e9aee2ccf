// The top-level attributes that a DynamoDB expression names (DynamoDB developer guide, "Expressions" and, for what counts
// as accessed, "Using IAM policy conditions for fine-grained access control"): `address.city` and `tags[0]` name
// `address` and `tags`. Values (`:v`), functions and keywords name none.

import { AwsError } from './error.ts';

const token = /\s*(?:(:[\w-]+)|(#[\w-]+|[A-Za-z_][\w-]*)|(\.)|(\[\s*\d+\s*\])|([()=<>+\-,]))/y;
const keywords = new Set(['AND', 'OR', 'NOT', 'BETWEEN', 'IN', 'SET', 'REMOVE', 'ADD', 'DELETE']);
const functions = new Set([
  'attribute_exists',
  'attribute_not_exists',
  'attribute_type',
  'begins_with',
  'contains',
  'size',
  'if_not_exists',
  'list_append',
]);

/** Throws what DynamoDB would for an expression that it could not read either. */
export const attributesOf = (expression: string, names: Readonly<Record<string, string>>): ReadonlySet<string> => {
  const found = new Set<string>();
  const text = expression.trimEnd();
  let nested = false;
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const match = token.exec(text);
    if (match === null) throw new AwsError('ValidationException', 'Invalid expression: syntax error.');
    const [, , word, dot] = match;
    const called = word !== undefined && functions.has(word) && /^\s*\(/.test(text.slice(token.lastIndex));
    if (word !== undefined && !nested && !called && !keywords.has(word.toUpperCase())) {
      const name = word.startsWith('#') ? names[word] : word;
      if (name === undefined)
        throw new AwsError(
          'ValidationException',
          `An expression attribute name used in the expression is not defined: ${word}`,
        );
      found.add(name);
    }
    nested = dot !== undefined;
  }
  return found;
};
