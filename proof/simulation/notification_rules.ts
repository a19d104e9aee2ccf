// What must hold of everything that a processor tells of its own accord.

import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { ProcessorEvent } from '../../lambdas/processor_events/domain/processor_event.ts';
import { disputeDueAt } from '../../processor/money.ts';
import type { Aftermath } from './aftermath.ts';
import type { Rule } from './rule.ts';

const providerEvents = ({ aws }: Aftermath): ProcessorEvent[] =>
  [...aws.database.items('processor_events')]
    .filter(({ object }) => object?.S === 'provider_event')
    .map((item) => unmarshall(item) as ProcessorEvent);

export const notificationRules: Readonly<Record<string, Rule>> = {
  '[PAY-2] what a processor tells is taken in, once': (left) => {
    const stored = providerEvents(left).flatMap(({ notifications }) => notifications.map(({ eventId }) => eventId));
    return [
      ...left.notifications.filter(({ accepted }) => !accepted).map(({ event }) => `${event.id} was never taken in`),
      ...left.notifications
        .filter(({ event }) => !stored.includes(event.id))
        .map(({ event }) => `${event.id} is not kept`),
      ...(new Set(stored).size < stored.length ? ['something that was told is kept twice'] : []),
    ];
  },

  '[PAY-2] what was taken in comes to its end': (left) =>
    providerEvents(left)
      .filter(({ status }) => status !== 'applied' && status !== 'ignored')
      .map(({ id, status, notifications }) => `${id} is ${status}: ${JSON.stringify(notifications)}`),

  '[PAY-2] a payment is disputed where its processor says so': (left, { payments }) =>
    [...payments.values()].flatMap(({ id, disputed }) => {
      const charges = left.processor.ledger.book.byReference(id);
      const expected = charges.some((charge) => disputeDueAt(charge, left.processor.ledger.now()) !== null);
      return disputed === expected ? [] : [`${id} is ${disputed ? '' : 'not '}disputed, and its charge says otherwise`];
    }),
};
