// Everything that was ever committed, as the streams tell it: the images of every row, and the facts that they bear.

import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { tables } from '../../contract/capabilities.ts';
import type { Fact } from '../../contract/kernel/fact.ts';
import type { Modification } from '../../lambdas/payments/domain/modification.ts';
import type { Payment } from '../../lambdas/payments/domain/payment.ts';
import type { Database } from '../../local/dynamodb/memory/database.ts';
import { isForged } from './plan_forgeries.ts';

/** A row of the payments table as it lies there, a payment or a modification of one. */
export type Image = Payment &
  Omit<Modification, keyof Payment> & {
    readonly object: string;
    readonly version: number;
    readonly pk: string;
    readonly sk: string;
  };

export interface History {
  /** In the order in which they were committed, within each partition; what was forged is no history. */
  readonly images: readonly { readonly before: Image | null; readonly row: Image }[];
  readonly facts: readonly Fact[];
  /** Of each fact, by its id, the object as the write that recorded it left it. */
  readonly left: ReadonlyMap<string, Image>;
  /** How the payments are at the end. */
  readonly payments: ReadonlyMap<string, Image>;
  /** How captures, refunds and voids are at the end. */
  readonly modifications: ReadonlyMap<string, Image>;
  /** Of every id, the tenant to whom it belongs. */
  readonly owners: ReadonlyMap<string, string>;
}

type Item = Record<string, AttributeValue>;

const read = (item: Item | undefined): Image | null => (item === undefined ? null : (unmarshall(item) as Image));

export function historyOf(database: Database): History {
  const images: History['images'][number][] = [];
  const facts: Fact[] = [];
  const left = new Map<string, Image>();
  const payments = new Map<string, Image>();
  const modifications = new Map<string, Image>();
  const owners = new Map<string, string>();
  for (const [table, { stream }] of Object.entries(tables)) {
    if (!stream || table === 'audit') continue;
    /** How each row was left by the record before. */
    const latest = new Map<string, Image>();
    for (const { dynamodb } of database.stream(table)) {
      const { id, tenant, fact: recorded } = (dynamodb.NewImage ?? {}) as Item;
      if (isForged(recorded?.M?.request_id?.S)) continue;
      if (table === 'webhooks' && recorded?.M === undefined) {
        // How an endpoint does is counted, and has no id.
        if (id?.S !== undefined) owners.set(id.S, tenant?.S ?? '');
        continue;
      }
      const row = read(dynamodb.NewImage as Item | undefined);
      if (row === null) throw new Error('a row was deleted, which nothing here may do');
      const place = `${row.pk} ${row.sk}`;
      const before = latest.get(place) ?? null;
      latest.set(place, row);
      const { fact } = row as unknown as { readonly fact: Fact | null };
      const earlier = (before as unknown as { readonly fact: Fact | null } | null)?.fact;
      if (fact !== null && fact.id !== earlier?.id) {
        facts.push(fact);
        left.set(fact.id, row);
        owners.set(fact.id.replace(/^[a-z]+/, 'evt'), fact.tenant);
        owners.set(fact.id.replace(/^[a-z]+/, 'aud'), fact.tenant);
      }
      owners.set(row.id, row.tenant ?? fact?.tenant ?? '');
      if (table !== 'payments') continue;
      images.push({ before, row });
      (row.object === 'payment' ? payments : modifications).set(row.id, row);
    }
  }
  return { images, facts, left, payments, modifications, owners };
}
