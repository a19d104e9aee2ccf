// What must hold in every world, whatever went wrong in it. Each rule reads what the world left behind, and tells what is
// wrong in words; no rule asks the code under test.

import { isDeepStrictEqual } from 'node:util';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { idPrefixes } from '../../contract/kernel/vocabulary.ts';
import { type Amounts, amountsOf, type Charge, statusOf } from '../../processor/money.ts';
import type { Aftermath } from './aftermath.ts';
import { deliveriesOf } from './delivered.ts';
import { deliveryRules } from './delivery_rules.ts';
import { expectedStatuses } from './expected.ts';
import type { History, Image } from './history.ts';
import { notificationRules } from './notification_rules.ts';
import type { Rule } from './rule.ts';
import { strikeRules, undecidedIn } from './strike_rules.ts';

export interface Violation {
  readonly rule: string;
  readonly what: string;
}

const nothing: Amounts = { captured: 0, refunded: 0, voided: 0, open: 0 };

/** The charges that a processor would take money for. */
const chargesOf = ({ processor }: Aftermath, payment: string): Charge[] =>
  processor.ledger.book.byReference(payment).filter(({ outcome }) => outcome !== 'declined');

const endMs = (left: Aftermath): number => left.processor.ledger.now();

const rules: Readonly<Record<string, Rule>> = {
  '[PAY-1] a payment is charged at most once': (left) => {
    const references = new Set(left.processor.ledger.book.latest().map(({ reference }) => reference));
    return [...references].flatMap((reference) => {
      const count = chargesOf(left, reference).length;
      return count > 1 ? [`${reference} was charged ${count} times`] : [];
    });
  },

  '[PAY-1] the processor’s ledger and our payments tell the same': (left, { payments, modifications }) => {
    const wrong: string[] = [];
    const undecided = undecidedIn(payments, modifications);
    for (const payment of payments.values()) {
      if (undecided.has(payment.id)) continue;
      const [charge] = chargesOf(left, payment.id);
      const theirs = charge === undefined ? nothing : amountsOf(charge, endMs(left));
      // What ended before its payer had paid may have been authorized in the moment in which it was voided.
      const ended = ['canceled', 'expired'].includes(payment.status) && payment.amount_authorized === 0;
      if (ended) {
        if (theirs.captured + theirs.open > 0) wrong.push(`${payment.id} is ${payment.status}, and can be paid`);
        continue;
      }
      const ours = [payment.amount_captured, payment.amount_refunded, payment.amount_voided].join('/');
      const ledger = [theirs.captured, theirs.refunded, theirs.voided].join('/');
      if (ours !== ledger) {
        wrong.push(`${payment.id} (${payment.status}): captured/refunded/voided ${ours}, in the ledger ${ledger}`);
      }
      const approved = charge !== undefined && statusOf(charge, endMs(left)) === 'approved';
      if (approved !== payment.amount_authorized > 0) {
        wrong.push(`${payment.id} is ${payment.status}, and its charge is ${approved ? '' : 'not '}approved`);
      }
    }
    for (const { reference } of left.processor.ledger.book.latest()) {
      if (!payments.has(reference)) wrong.push(`${reference} is charged and unknown to us`);
    }
    return wrong;
  },

  '[PAY-1] captured ≤ authorized, refunded ≤ captured, at every moment': (_, { images }) => {
    // What ends a payment at its payer holds the whole, so that nothing can be captured meanwhile; also where the payer was faster.
    const holdsWhole = ({ capture_reserved, amount }: Image): boolean => capture_reserved === amount;
    const ends = new Set(images.flatMap(({ row }) => (row.amount_authorized === 0 && holdsWhole(row) ? [row.id] : [])));
    return images.flatMap(({ row }) => {
      if (row.object !== 'payment') return [];
      const moved = row.amount_captured + row.amount_voided;
      const holdsAll = holdsWhole(row) && ends.has(row.id);
      const within =
        moved + (holdsAll ? 0 : row.capture_reserved) <= row.amount_authorized &&
        row.amount_refunded + row.refund_reserved <= row.amount_captured &&
        Math.min(row.capture_reserved, row.refund_reserved, row.amount_voided) >= 0;
      return within ? [] : [`${row.id} at version ${row.version}: ${JSON.stringify(amountsIn(row))}`];
    });
  },

  '[PAY-1] what is settled stays settled': (_, { images }) =>
    images.flatMap(({ row, before }) => {
      if (before === null) return [];
      const final = row.object === 'payment' ? ['failed', 'canceled', 'expired'] : ['succeeded', 'failed'];
      const undone = final.includes(before.status) && row.status !== before.status;
      const rewritten = before.reply !== null && !same(before.reply, row.reply);
      const shrunk = row.amount_captured < before.amount_captured || row.amount_refunded < before.amount_refunded;
      const moved = row.version !== before.version + 1;
      if (!undone && !rewritten && !shrunk && !moved) return [];
      return [`${row.id} went from ${before.status} (${before.version}) to ${row.status} (${row.version})`];
    }),

  '[PAY-1] every reply that a key gets is its first one': ({ heard }) =>
    [...heard].flatMap(([name, all]) => {
      if (!name.startsWith('i')) return [];
      const given = all.filter(({ status }) => status === 201);
      const [first] = given;
      if (first === undefined) return [];
      const others = new Set(given.map(({ body }) => body)).size;
      const firstAtMs = Math.min(...given.map(({ atMs }) => atMs));
      const late = all.filter(({ sentAtMs, status }) => sentAtMs >= firstAtMs && status < 500 && status !== 201);
      return [
        ...(others > 1 ? [`${name} got ${others} different replies`] : []),
        ...late.map(({ status, code }) => `${name} got ${status} ${code} after its 201`),
      ];
    }),

  '[PAY-1] an object has one sender at a time': ({ processor }) =>
    [...Map.groupBy(processor.senders, ({ object }) => object)].flatMap(([object, senders]) =>
      senders.flatMap((one, index) => {
        const other = senders[index + 1];
        return other !== undefined && other.fromMs < one.untilMs
          ? [`${object}: ${other.address} sends while ${one.address} waits`]
          : [];
      }),
    ),

  '[PAY-1] [WHK-2] nothing is left behind': ({ unfinished }) => unfinished.map((what) => `still open: ${what}`),

  '[PAY-1] a payment ends as its processor and its times allow': (left, { payments }) =>
    [...payments.values()].flatMap((payment) => {
      const allowed = expectedStatuses(payment, left);
      return allowed.includes(payment.status)
        ? []
        : [`${payment.id} with ${payment.payment_method} is ${payment.status}, not ${allowed.join(' or ')}`];
    }),

  '[PAY-1] a method is kept of a payment alone that was to keep it and was paid': (_, { payments }) =>
    [...payments.values()].flatMap(({ id, setup_future_usage, amount_authorized, reusable_method }) =>
      reusable_method !== undefined && (setup_future_usage === null || amount_authorized === 0)
        ? [`${id} keeps a method that it may not`]
        : [],
    ),

  '[AUD-1] nothing follows from a fact that its row belies': (left) =>
    left.forged.flatMap(({ about, ids }) => {
      const bodies = ids.map((id) => id.slice(id.indexOf('_')));
      const follows = [
        ...[...left.aws.database.items('events'), ...left.aws.database.items('audit')].map((row) =>
          JSON.stringify(row),
        ),
        ...left.aws.published.map(({ Detail = '' }) => Detail),
        ...deliveriesOf(left).map(({ event }) => event),
        ...left.webhooks.hits.map(({ body }) => body),
      ].filter((text) => bodies.some((body) => text.includes(body)));
      return follows.slice(0, 1).map((text) => `it lies about its ${about}, and ${text} follows`);
    }),

  '[AUD-1] one audit entry and one event for each fact, and no other': ({ aws }, { facts }) => {
    const bodyOf = (id: string): string => id.slice(id.indexOf('_') + 1);
    const entries = [...aws.database.items('audit')].flatMap(({ outcome, sk }) =>
      outcome?.S === 'committed' ? [bodyOf(sk?.S ?? '')] : [],
    );
    const events = [...aws.database.items('events')].map(({ sk }) => bodyOf(sk?.S ?? ''));
    const owners = new Map(facts.map((fact) => [bodyOf(fact.id), fact]));
    return [
      ...differences(new Set(owners.keys()), entries, idPrefixes.audit_entry),
      ...differences(new Set(owners.keys()), events, idPrefixes.event),
    ];
  },

  '[AUD-1] an event tells its object as its change left it': ({ aws }, { left }) =>
    [...aws.database.items('events')].flatMap((item) => {
      const { id, data } = unmarshall(item) as { readonly id: string; readonly data: Record<string, unknown> };
      const row = left.get(id.replace(idPrefixes.event, idPrefixes.fact)) as Record<string, unknown> | undefined;
      const lies = Object.keys(data).filter(
        (name) => row !== undefined && name in row && !isDeepStrictEqual(data[name], row[name]),
      );
      return lies.map((name) => `${id} says ${name} ${JSON.stringify(data[name])}, not ${JSON.stringify(row?.[name])}`);
    }),

  '[AUD-1] facts of an aggregate are numbered without gaps': (_, { facts }) => {
    const byAggregate = Map.groupBy(facts, ({ aggregate_id }) => aggregate_id);
    return [...byAggregate].flatMap(([id, each]) =>
      each.every(({ sequence }, index) => sequence === index + 1)
        ? []
        : [`${id}: ${each.map(({ sequence }) => sequence).join(', ')}`],
    );
  },

  '[API-1] nobody reads what is another’s': ({ heard, readers, named, merchants }, { owners }) =>
    [...readers].flatMap(([name, merchant]) => {
      const own = merchants[merchant]?.tenant;
      const seen = (heard.get(name) ?? []).flatMap(({ body }) => body.match(/[a-z]+_us_[a-z2-7]{26}/g) ?? []);
      const foreign = seen.filter((id) => owners.has(id) && owners.get(id) !== own && !named[merchant]?.has(id));
      return foreign.length > 0 ? [`${name} of ${own} saw ${foreign.join(', ')}`] : [];
    }),

  'no request ends in a defect': ({ defects }) => defects.map((fields) => JSON.stringify(fields)),
};

const amountsIn = (row: Image): object =>
  Object.fromEntries(Object.entries(row).filter(([name]) => name.startsWith('amount_') || name.endsWith('_reserved')));

const same = (one: Uint8Array | null, other: Uint8Array | null): boolean =>
  one !== null && other !== null && Buffer.compare(one, other) === 0;

const differences = (expected: ReadonlySet<string>, found: readonly string[], kind: string): string[] => {
  const have = new Set(found);
  return [
    ...[...expected].filter((id) => !have.has(id)).map((id) => `${kind}_${id} is missing`),
    ...[...have].filter((id) => !expected.has(id)).map((id) => `${kind}_${id} tells of no fact`),
    ...(have.size < found.length ? [`${found.length - have.size} ${kind} twice`] : []),
  ];
};

export function violationsOf(left: Aftermath, history: History): Violation[] {
  const { webhooks, connected } = left.plan;
  const all = {
    ...rules,
    ...strikeRules,
    ...(webhooks !== null && deliveryRules),
    ...(connected && notificationRules),
  };
  return Object.entries(all).flatMap(([rule, check]) => check(left, history).map((what) => ({ rule, what })));
}
