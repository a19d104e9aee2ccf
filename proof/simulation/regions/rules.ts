// What must hold when both regions of a zone are back and have the same: read from ledger, tables and streams alone.

import { isDeepStrictEqual } from 'node:util';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { type TableName, tables } from '../../../contract/capabilities.ts';
import { isRelayed, type Table } from '../../../contract/kernel/table.ts';
import { zones } from '../../../contract/kernel/zones.ts';
import { amountsOf } from '../../../processor/money.ts';
import type { Image } from '../history.ts';
import type { RegionsAftermath } from './world.ts';

type Item = Record<string, AttributeValue>;

const relayed = (Object.entries(tables) as [TableName, Table][]).flatMap(([name, row]) =>
  isRelayed(row) ? [name] : [],
);
const compared = (Object.keys(tables) as TableName[]).filter((name) => name !== 'writer');

export interface WrittenFact {
  readonly id: string;
  readonly aggregate: string;
  readonly sequence: number;
  readonly type: string;
  readonly row: Readonly<Record<string, unknown>>;
}

/** Every fact that was ever committed, in the stream of the region that wrote it. */
export function factsOf({ regions }: RegionsAftermath): WrittenFact[] {
  return regions.flatMap(({ region, own }) =>
    relayed.flatMap((table) =>
      own.database.stream(table).flatMap(({ dynamodb }): WrittenFact[] => {
        const after = dynamodb.NewImage as Item | undefined;
        const fact = after?.fact?.M;
        const before = (dynamodb.OldImage as Item | undefined)?.fact?.M?.id?.S;
        if (after?.origin_region?.S !== region || fact?.id?.S === undefined || fact.id.S === before) return [];
        const { aggregate_id, sequence, type, id } = fact;
        return [
          {
            id: id.S,
            aggregate: aggregate_id?.S ?? '',
            sequence: Number(sequence?.N),
            type: type?.S ?? '',
            row: unmarshall(after),
          },
        ];
      }),
    ),
  );
}

/** Facts of one aggregate with one number: two regions wrote apart, and one of the two writes was lost to the other. */
export const forksIn = (facts: readonly WrittenFact[]): number =>
  facts.length - new Set(facts.map(({ aggregate, sequence }) => `${aggregate} ${sequence}`)).size;

/** The aggregates of which that is so. */
export const forkedIn = (facts: readonly WrittenFact[]): ReadonlySet<string> => {
  const seen = new Set<string>();
  const forked = new Set<string>();
  for (const { aggregate, sequence } of facts) {
    const place = `${aggregate} ${sequence}`;
    if (seen.has(place)) forked.add(aggregate);
    seen.add(place);
  }
  return forked;
};

const bodyOf = (id: string): string => id.slice(id.indexOf('_') + 1);

type Rule = (left: RegionsAftermath, facts: readonly WrittenFact[]) => string[];

const imagesOf = ({ regions }: RegionsAftermath): Image[] =>
  [...regions[1].own.database.items('payments')].map((item) => unmarshall(item as Item) as Image);

const nothing = { captured: 0, refunded: 0, voided: 0, open: 0 };

export const rules: Readonly<Record<string, Rule>> = {
  '[PAY-1] a payment is charged at most once': ({ processor }) => {
    const charges = processor.ledger.book.latest().filter(({ outcome }) => outcome !== 'declined');
    const by = Map.groupBy(charges, ({ reference }) => reference);
    return [...by].flatMap(([reference, { length }]) =>
      length > 1 ? [`${reference} was charged ${length} times`] : [],
    );
  },

  '[RES-4] [PAY-1] the processor’s ledger and our payments tell the same, where writes were lost to the other region too':
    (left) => {
      const { processor } = left;
      const payments = imagesOf(left).filter(({ object }) => object === 'payment');
      const known = new Set(payments.map(({ id }) => id));
      const unknown = processor.ledger.book
        .latest()
        .flatMap(({ reference }) => (known.has(reference) ? [] : [reference]));
      return [
        ...unknown.map((reference) => `${reference} is charged and unknown to us`),
        ...payments.flatMap((payment) => {
          const charge = processor.ledger.book.byReference(payment.id).find(({ outcome }) => outcome !== 'declined');
          const theirs = charge === undefined ? nothing : amountsOf(charge, processor.ledger.now());
          // What ended before its payer had paid may have been authorized in the moment in which it was voided.
          const ended = ['canceled', 'expired'].includes(payment.status) && payment.amount_authorized === 0;
          if (ended && theirs.captured + theirs.open === 0) return [];
          const ours = [payment.amount_captured, payment.amount_refunded, payment.amount_voided].join('/');
          const ledger = [theirs.captured, theirs.refunded, theirs.voided].join('/');
          return ours === ledger ? [] : [`${payment.id} (${payment.status}): ${ours}, in the ledger ${ledger}`];
        }),
      ];
    },

  '[RES-4] [PAY-1] nothing stays reserved, and no more is moved than may be': (left) =>
    imagesOf(left).flatMap((row) => {
      if (row.object !== 'payment') return [];
      const within =
        row.capture_reserved === 0 &&
        row.refund_reserved === 0 &&
        row.amount_captured + row.amount_voided <= row.amount_authorized &&
        row.amount_refunded <= row.amount_captured;
      return within ? [] : [`${row.id}: ${JSON.stringify([row.capture_reserved, row.refund_reserved])}`];
    }),

  '[RES-4] both regions hold the same in the end': ({ regions: [one, other] }) =>
    compared.flatMap((table) => {
      const of = (region: typeof one) =>
        new Map([...region.own.database.items(table)].map((item) => [`${item.pk?.S} ${item.sk?.S}`, item]));
      const [mine, theirs] = [of(one), of(other)];
      return [...new Set([...mine.keys(), ...theirs.keys()])].flatMap((place) =>
        isDeepStrictEqual(mine.get(place), theirs.get(place)) ? [] : [`${table} ${place}`],
      );
    }),

  '[RES-4] [AUD-1] each fact that was committed, in whichever region, has one audit entry and one event, and there is no other':
    ({ regions }, facts) => {
      const expected = new Set(facts.map(({ id }) => bodyOf(id)));
      return regions.flatMap(({ own, region }) => {
        const entries = [...own.database.items('audit')].filter(({ outcome }) => outcome?.S === 'committed');
        const kinds = { audit: entries, events: [...own.database.items('events')] };
        return Object.entries(kinds).flatMap(([kind, items]) => {
          const found = new Set(items.map(({ sk }) => bodyOf(sk?.S ?? '')));
          return [
            ...[...expected].flatMap((id) => (found.has(id) ? [] : [`${region} ${kind}: ${id} is lost`])),
            ...[...found].flatMap((id) => (expected.has(id) ? [] : [`${region} ${kind}: ${id} tells of no fact`])),
            ...(found.size < items.length ? [`${region} ${kind}: ${items.length - found.size} twice`] : []),
          ];
        });
      });
    },

  '[RES-4] [AUD-1] an event tells its object as the change left it that it is of': (
    { regions: [, { own }] },
    facts,
  ) => {
    const rows = new Map(facts.map(({ id, row }) => [bodyOf(id), row]));
    return [...own.database.items('events')].flatMap((item) => {
      const { id, data } = unmarshall(item) as { readonly id: string; readonly data: Record<string, unknown> };
      const row = rows.get(bodyOf(id));
      const lies = Object.keys(data).filter((name) => row && name in row && !isDeepStrictEqual(data[name], row[name]));
      return lies.map((name) => `${id} says ${name} ${JSON.stringify(data[name])}, not ${JSON.stringify(row?.[name])}`);
    });
  },

  '[RES-4] a hand-over overwrites nothing: the old writer’s last write is there before the new one’s first': (
    { plan },
    facts,
  ) => (plan.failure === 'handed_over' ? [...forkedIn(facts)].map((id) => `two regions wrote ${id} apart`) : []),

  '[RES-4] one region writes at a time: none does once another has taken over': ({ plan, takeovers }, facts) =>
    facts.flatMap(({ id, row }) => {
      const { writer_epoch, origin_region, fact } = row as {
        writer_epoch: number;
        origin_region: string;
        fact: { at: string };
      };
      const aheadMs = origin_region === zones.us.home ? plan.aheadMs : 0;
      const endedMs = takeovers.get(writer_epoch + 1) ?? Number.POSITIVE_INFINITY;
      const lateMs = Date.parse(fact.at) - aheadMs - endedMs;
      return lateMs > 0 ? [`${id} was written in ${origin_region} ${Math.ceil(lateMs / 1000)} s after its epoch`] : [];
    }),

  '[RES-4] [AUD-1] what had replicated before a region died is in the trail and the events before it is back': ({
    untold,
  }) => untold.map((id) => `${id} was nobody’s`),

  '[RES-4] nothing is left open': ({ unfinished }) => (unfinished ? ['a world that did not come to its end'] : []),
};
