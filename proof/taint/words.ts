// What a caller writes into the fields of one operation, in marks: each tells in which field it is sent.

import { type Kind, kinds, type Marks } from './marks.ts';

export interface Words {
  one(field: string, kind: Kind, shape?: (word: string) => string): string;
  /** All that a shop might write about a customer, in at most `chars`. */
  text(field: string, chars: number): string;
  metadata(): Record<string, string>;
}

/** Numbers of cards and bank accounts are refused wherever they stand: they are sent apart (attacks.ts). */
const personal = kinds.filter((kind) => kind !== 'card' && kind !== 'bank_account');

export function wordsFor(marks: Marks, operation: string): Words {
  const one: Words['one'] = (field, kind, shape) => marks.make(kind, `${operation} ${field}`, shape);
  return {
    one,
    text(field, chars) {
      const all = personal.map((kind) => one(field, kind));
      const fitting = all.filter((_, at) => all.slice(0, at + 1).join(' ').length <= chars);
      return fitting.join(' ');
    },
    metadata: () => ({
      ...Object.fromEntries(personal.map((kind) => [kind, one('metadata', kind)])),
      [one('metadata', 'name', (word) => `for.${word}`)]: 'customer',
    }),
  };
}
