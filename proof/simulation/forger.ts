// Somebody with the right to write rows of one kind: now and then a row appears whose fact lies in one thing, and agrees with
// its row in all else, so that each check of the relay stands alone. None of these rows shows in an index.

import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { TableName } from '../../contract/capabilities.ts';
import type { Fact } from '../../contract/kernel/fact.ts';
import { indexKeys } from '../../contract/kernel/table.ts';
import { idPrefixes } from '../../contract/kernel/vocabulary.ts';
import { timestamp } from '../../lambdas/kernel/platform/clock.ts';
import { timeOrderedBody } from '../../lambdas/kernel/platform/ids.ts';
import { factId } from '../../lambdas/kernel/store/commit.ts';
import { toItem } from '../../lambdas/kernel/store/row.ts';
import type { Forgery } from '../../lambdas/relay/forgery.ts';
import type { Conditions } from './conditions.ts';
import type { Deployment } from './deployment.ts';
import { type Forged, forger, isForged } from './plan_forgeries.ts';

interface Row extends Readonly<Record<string, unknown>> {
  readonly id: string;
  readonly object: string;
  readonly tenant: string;
  readonly fact: Fact;
}

/** What a lie begins with: a row that the relay would believe, and what is made up in it. */
interface Truth {
  readonly payment: string;
  readonly object: string;
  readonly row: Row;
  readonly atMs: number;
  readonly elsewhere: { readonly tenant: string; readonly payment: string };
}

interface Lie {
  readonly table?: TableName;
  readonly row?: Readonly<Record<string, unknown>>;
  readonly fact?: Partial<Fact>;
}

const zone = 'us';

const indexed: readonly string[] = Object.values(indexKeys).flatMap(({ partition, sort }) => [partition, sort]);

/** Lies about a modification are those that a payment's own row cannot tell. */
const ofModification: readonly Forgery[] = ['object', 'aggregate'];

const lies: Readonly<Record<Forgery, (truth: Truth) => Lie>> = {
  table: () => ({ table: 'subjects' }),
  type: () => ({ fact: { type: 'customer.created' } }),
  object: () => ({ row: { sk: 'elsewhere' } }),
  aggregate: ({ elsewhere }) => ({ row: { payment: elsewhere.payment } }),
  owner: ({ elsewhere }) => ({ fact: { tenant: elsewhere.tenant } }),
  key: ({ elsewhere, payment }) => ({ row: { pk: elsewhere.payment, sk: payment } }),
  id: ({ payment, atMs }) => ({ fact: { id: factId(zone, payment, 1, atMs + 1_000) } }),
  sequence: ({ payment, atMs }) => ({
    row: { sequence: 2 },
    fact: { sequence: 2, previous: factId(zone, payment, 1, atMs - 1_000), id: factId(zone, payment, 2, atMs) },
  }),
};

/** The first fact of a payment or modification that never was, after the likeness of one that was. */
function truthLike(like: Row, atMs: number, address: string, tenant: string): Truth {
  const isPayment = like.object === 'payment';
  const payment = `${idPrefixes.payment}_${zone}_${timeOrderedBody(atMs, [address])}`;
  const object = isPayment
    ? payment
    : `${idPrefixes[like.object as 'capture']}_${zone}_${timeOrderedBody(atMs, [address, like.object])}`;
  const row: Row = {
    ...Object.fromEntries(Object.entries(like).filter(([name]) => !indexed.includes(name))),
    ...{ id: object, object: like.object, tenant: like.tenant },
    ...{ pk: payment, sk: isPayment ? 'payment' : object, version: 1, sequence: 1, sequence_at_ms: atMs },
    ...(!isPayment && { payment }),
    // Sealed for the row that it is like.
    sealed_fields: null,
    fact: {
      ...like.fact,
      ...{ aggregate_id: payment, sequence: 1, previous: null, id: factId(zone, payment, 1, atMs) },
      ...{ at: timestamp(atMs), request_id: address },
    },
  };
  return { payment, object, row, atMs, elsewhere: { tenant, payment: String(like.payment ?? like.id) } };
}

export function startForger({ plan, draw, timeline, merchants, trace }: Conditions, { aws, triggers }: Deployment) {
  const forged: Forged[] = [];

  const forge = (about: Forgery, address: string): void => {
    const wanted = (item: Record<string, AttributeValue>): boolean =>
      (item.object?.S === 'payment') !== ofModification.includes(about) && !isForged(item.fact?.M?.request_id?.S);
    // Not every row bears a fact.
    const bears = (item: Record<string, AttributeValue>): boolean => item.fact?.M !== undefined;
    const likes = [...aws.database.items('payments')].filter((item) => bears(item) && wanted(item));
    if (likes.length === 0) return;
    const like = unmarshall(draw.pick(address, likes)) as Row;
    const others = merchants.flatMap(({ tenant }) => (tenant === like.tenant ? [] : [tenant]));
    const truth = truthLike(like, timeline.now(), address, draw.pick(`${address} tenant`, others));
    const { table = 'payments', row, fact } = lies[about](truth);
    const written = { ...truth.row, ...row, fact: { ...truth.row.fact, ...fact } };
    trace?.(`${address} writes a fact that lies about its ${about}`);
    aws.answer({ service: 'dynamodb', operation: 'PutItem', input: { TableName: table, Item: toItem(written) } });
    forged.push({ about, ids: [written.fact.id, truth.payment, truth.object] });
    triggers.wrote();
  };

  for (const { about, atMs } of plan.forgeries) timeline.after(atMs, () => forge(about, `${forger}${about}`));
  return { forged };
}
