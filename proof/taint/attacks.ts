// Requests that must be refused and then be nowhere: for each operation, values where none belong. Derived from the
// operation table, so a new operation is attacked from its first day.

import type { Operation } from '../../contract/capabilities.ts';
import { idPrefixes } from '../../contract/kernel/vocabulary.ts';
import { entriesOf } from './fields.ts';
import { type Kind, kinds, type Marks } from './marks.ts';

export interface Attack {
  readonly name: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
  /** Absent: any refusal will do. */
  readonly code?: 'card_data_not_accepted' | 'bank_account_not_accepted';
}

/** Ids of the right form that nobody has. */
const somewhere = (path: string): string =>
  path.replace(/\{(\w+)_id\}/g, (_, kind: string) => {
    const prefix = Object.entries(idPrefixes).find(([name]) => name === kind)?.[1] ?? kind;
    return `${prefix}_us_${'a'.repeat(26)}`;
  });

export function attacksOn(operation: Operation, marks: Marks): Attack[] {
  const mark = (place: string, kind: Kind, shape?: (word: string) => string): string =>
    marks.make(kind, `${operation.id} refused ${place}`, shape);
  const path = somewhere(operation.path);
  const headers = (more: Record<string, string> = {}): Record<string, string> => ({
    'User-Agent': mark('User-Agent', 'name', (word) => `Shop/1 (${word})`),
    'X-Forwarded-For': `203.0.113.9, ${mark('X-Forwarded-For', 'name', (word) => word)}`,
    Referer: `https://shop.example.com/?email=${mark('Referer', 'email')}`,
    'X-Customer': mark('unknown header', 'email'),
    ...(operation.creates && { 'Idempotency-Key': mark('Idempotency-Key', 'email') }),
    ...(operation.body && { 'Content-Type': 'application/json' }),
    ...more,
  });
  const query = (values: Record<string, string>): string => `${path}?${new URLSearchParams(values)}`;
  const attack = (name: string, more: Partial<Attack> = {}): Attack => {
    const body = operation.body && { body: '{}' };
    return { name, path, headers: headers(), ...body, ...more };
  };
  const everyKind = (place: string) => Object.fromEntries(kinds.map((kind) => [kind, mark(place, kind)]));
  /** A request with one of these is refused before anything else of it is looked at. */
  const withoutAccounts = ({ card: _, bank_account: __, ...others }: Record<string, string>) => others;
  const card = { code: 'card_data_not_accepted' } as const;
  const account = { code: 'bank_account_not_accepted' } as const;
  const name = mark('name of a field', 'name', (word) => word);
  const fields = entriesOf(operation.query).map((field) => [field, mark('query', 'name')]);
  const all = [
    attack('a card number in the query', { ...card, path: query({ pan: mark('query', 'card') }) }),
    attack('a bank account in the query', { ...account, path: query({ iban: mark('query', 'bank_account') }) }),
    attack('parameters that are none', {
      path: query({ [name]: '1', ...withoutAccounts(everyKind('query')), ...Object.fromEntries(fields) }),
    }),
  ];
  if (operation.path.includes('{')) {
    const named = (kind: Kind): string => path.replace(/[^/]+_us_a{26}/, () => encodeURIComponent(mark('path', kind)));
    all.push(attack('a card number in the path', { ...card, path: named('card') }));
    all.push(attack('an e-mail address in the path', { path: named('email') }));
  }
  if (operation.creates !== undefined) {
    const key = { 'Idempotency-Key': mark('Idempotency-Key', 'card') };
    all.push(attack('a card number as Idempotency-Key', { ...card, headers: headers(key) }));
  }
  if (operation.body !== undefined) {
    const words = withoutAccounts(everyKind('body'));
    const wrong = Object.fromEntries(entriesOf(operation.body).map((field) => [field, { [field]: words }]));
    all.push(
      attack('a card number in the body', { ...card, body: JSON.stringify({ note: mark('body', 'card') }) }),
      attack('a card number, digit by digit', {
        ...card,
        body: JSON.stringify({ note: [...mark('body', 'card')].join(' ') }),
      }),
      attack('a bank account in the body', {
        ...account,
        body: JSON.stringify({ iban: mark('body', 'bank_account') }),
      }),
      attack('fields that are none, or of another type', { body: JSON.stringify({ [name]: 1, ...wrong, ...words }) }),
      attack('JSON that breaks off', { body: JSON.stringify(words).slice(0, -1) }),
    );
  }
  return all;
}

/** What no operation sees: credentials that nobody issued, and paths that there are not. */
export function attacksOnTheGateway(marks: Marks): (Attack & { readonly method: string })[] {
  const mark = (place: string, kind: Kind, shape?: (word: string) => string): string =>
    marks.make(kind, `gateway refused ${place}`, shape);
  const credentials = [
    mark('Authorization', 'secret', (word) => `Bearer sk_test_us_${word}`),
    mark('Authorization', 'secret', (word) => `Basic ${Buffer.from(`shop:${word}`).toString('base64')}`),
    mark('Authorization', 'card', (word) => `Bearer ${word}`),
  ];
  const path = (kind: Kind): string => encodeURIComponent(mark('path', kind));
  return [
    ...credentials.map((Authorization) => ({
      name: 'a credential that nobody issued',
      method: 'GET',
      path: '/v1/payments',
      headers: { Authorization },
    })),
    ...kinds.map((kind) => ({ name: `a path with ${kind}`, method: 'GET', path: `/v1/${path(kind)}`, headers: {} })),
    ...kinds.map((kind) => ({
      name: `a method with ${kind} in the path`,
      method: 'PUT',
      path: `/v1/payments/${path(kind)}?${new URLSearchParams({ q: mark('query', kind) })}`,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ [kind]: mark('body', kind) }),
    })),
  ];
}
