// What must hold although a processor refuses an account or answers nothing: a refusal at the first send fails, and nothing is
// open for longer than it may be.

import { moneyLimits } from '../../contract/payments/limits.ts';
import type { History, Image } from './history.ts';
import type { Rule } from './rule.ts';

const waiting: readonly string[] = [
  'processing',
  'requires_payment_method',
  'requires_action',
  'requires_approval',
  'pending',
];

/** How late what is looked at hourly may be seen to be overdue. */
const lateMs = 3 * moneyLimits.recheckMaxMs;

/** Payments of which nobody here can say what the processor's ledger holds: people must look. */
export const undecidedIn = (
  payments: History['payments'],
  modifications: History['modifications'],
): ReadonlySet<string> =>
  new Set([
    ...[...payments.values()].flatMap(({ id, status }) => (status === 'unresolved' ? [id] : [])),
    ...[...modifications.values()].flatMap(({ payment, status }) => (status === 'unresolved' ? [payment] : [])),
  ]);

const held = (of: readonly Image[], objects: readonly string[]): number =>
  of.reduce((sum, { object, amount }) => sum + (objects.includes(object) ? amount : 0), 0);

/** Objects whose only send was refused, in an invocation that met no fault. */
const refusedAtOnce = ({ processor, met, plan }: Parameters<Rule>[0]): string[] =>
  [...Map.groupBy(processor.senders, ({ object }) => object)].flatMap(([object, [first, ...others]]) => {
    if (first === undefined || others.length > 0 || !first.refused || plan.outage !== null) return [];
    const [invocation = ''] = first.address.split('#');
    return met.some(({ address }) => address.startsWith(`${invocation}#`)) ? [] : [object];
  });

export const strikeRules: Readonly<Record<string, Rule>> = {
  '[PAY-1] what is refused at its only send fails': (left, { payments, modifications }) =>
    refusedAtOnce(left).flatMap((object) => {
      const { status, last_error } = payments.get(object) ?? modifications.get(object) ?? {};
      return status === 'failed' && last_error?.code === 'processor_misconfigured'
        ? []
        : [`${object} is ${status}, ${last_error?.code}`];
    }),

  '[PAY-1] a connection is failing where its processor refuses it, and nowhere else': (
    left,
    { payments, facts, left: objects },
  ) => {
    const failing = new Set(
      facts.flatMap(({ id, type }) =>
        type === 'connection.failing'
          ? [(objects.get(id) as { readonly connection?: string } | undefined)?.connection]
          : [],
      ),
    );
    const refused = refusedAtOnce(left).flatMap((object) => payments.get(object)?.connection ?? []);
    const unseen = refused.filter((connection) => !failing.has(connection));
    const isCalm = left.plan.strike?.as !== 'refuses' && failing.size > 0;
    return [
      ...unseen.map((connection) => `${connection} was refused, and is not seen to be failing`),
      ...(isCalm ? ['a connection is failing that nobody refused'] : []),
    ];
  },

  '[PAY-1] nothing is open for longer than it may be, and nothing unresolved sooner': (
    { processor },
    { payments, modifications, images },
  ) => [
    ...images.flatMap(({ row: { id, status, intent } }) => {
      const openMs = (intent.due_at_ms ?? 0) - moneyLimits.recheckMaxMs - intent.attempt_started_at_ms;
      const leftOpen = waiting.includes(status) && intent.lease_until_ms === null;
      return leftOpen && openMs > moneyLimits.unresolvedAfterMs ? [`${id} was left ${status} after ${openMs} ms`] : [];
    }),
    ...[...payments.values(), ...modifications.values()].flatMap(({ id, status, intent }) => {
      const openMs = processor.ledger.now() - intent.attempt_started_at_ms;
      const tooLong = waiting.includes(status) && openMs > moneyLimits.unresolvedAfterMs + lateMs;
      const tooSoon = status === 'unresolved' && openMs <= moneyLimits.unresolvedAfterMs;
      return tooLong || tooSoon ? [`${id} is ${status} after ${openMs} ms`] : [];
    }),
  ],

  '[PAY-1] what is unresolved holds its amount': (_, { payments, modifications }) => {
    const unresolved = [...modifications.values()].filter(({ status }) => status === 'unresolved');
    return [...Map.groupBy(unresolved, ({ payment }) => payment)].flatMap(([id, each]) => {
      const payment = payments.get(id);
      const captures = held(each, ['capture', 'void']);
      const refunds = held(each, ['refund']);
      const holds = payment && payment.capture_reserved >= captures && payment.refund_reserved >= refunds;
      return holds ? [] : [`${id} does not hold ${captures} to capture or void and ${refunds} to refund`];
    });
  },
};
