// A dispute at Stripe that ended and was opened again: what Stripe said last stands, whatever the order in which it comes.

import { expect, it } from 'vitest';
import { event } from '../../processor/stand_ins/stripe_objects.ts';
import { openIngressFixture } from './ingress_fixture.ts';
import { authorizedEvent, disputeEvent } from './provider_events.ts';

const began = 1_790_000_000;
const history = (...statuses: readonly string[]) =>
  statuses.map((status, at) => {
    const type = status === 'won' || status === 'lost' ? 'closed' : 'updated';
    return event(`charge.dispute.${type}`, disputeEvent(type, status).data.object, began + at * 86_400);
  });

const orders = [
  [0, 1, 2, 3, 4],
  [4, 3, 2, 1, 0],
  [2, 4, 0, 3, 1],
  [3, 1, 4, 2, 0],
];

it.each([
  [['needs_response', 'lost', 'appeal_needs_response', 'appeal_under_review', 'won'], false, 'won'],
  [['needs_response', 'won', 'appeal_needs_response', 'appeal_under_review', 'lost'], false, 'lost'],
  [['needs_response', 'under_review', 'lost', 'appeal_needs_response', 'lost'], false, 'lost'],
  [['needs_response', 'under_review', 'lost', 'appeal_needs_response', 'appeal_under_review'], true, 'open'],
] as const)('[PAY-3] %j', async (statuses, disputed, status) => {
  for (const order of orders) {
    const fixture = openIngressFixture();
    const connection = await fixture.connect('stripe');
    const payment = await fixture.pay('stripe');
    await fixture.stripe(connection, authorizedEvent(payment));
    await fixture.settle();
    const events = history(...statuses);
    for (const at of order) {
      await fixture.stripe(connection, events[at] ?? {});
      await fixture.settle();
    }
    const { value } = await fixture.payment(payment);
    expect([value.disputed, value.last_dispute?.status], order.join()).toEqual([disputed, status]);
  }
});

it('[PAY-3] of events of one second the stage of their statuses counts', async () => {
  const fixture = openIngressFixture();
  const connection = await fixture.connect('stripe');
  const payment = await fixture.pay('stripe');
  await fixture.stripe(connection, authorizedEvent(payment));
  await fixture.settle();
  for (const each of [disputeEvent('closed', 'won'), disputeEvent('created', 'needs_response')]) {
    await fixture.stripe(connection, each);
    await fixture.settle();
  }
  expect((await fixture.payment(payment)).value).toMatchObject({ disputed: false, last_dispute: { status: 'won' } });
});
