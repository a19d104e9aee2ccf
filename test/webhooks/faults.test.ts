// Deliveries while calls to AWS are lost before and after they take effect, processes die and receivers fail: every event
// arrives, and those of one object in their order. A schedule is a function of its seed.

import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { createWebhookEndpoint } from '../../contract/webhooks/operations.ts';
import { answers, hangs, openDeliveries, type Receiver } from './delivery_fixture.ts';

const hour = 3_600_000;

const drawer = (seed: number) => {
  let drawn = 0;
  return (): number => {
    drawn += 1;
    return createHash('sha256').update(`${seed} ${drawn}`).digest().readUInt32BE() / 2 ** 32;
  };
};

const outcomes = [
  answers(200),
  answers(200),
  answers(500),
  answers(404),
  answers(429, { retryAfterSeconds: 90 }),
  hangs,
];

interface Seen {
  /** `<host> <payment>` -> types that the receiver accepted, in the order of its first 2xx for each. */
  readonly accepted: ReadonlyMap<string, readonly string[]>;
  /** Events that were sent while an earlier one of their object was not accepted yet. */
  readonly overtaking: readonly string[];
}

/** Receivers that answer as drawn, until they are mended, and write down what they accepted. */
function receivers(draw: () => number) {
  const accepted = new Map<string, string[]>();
  const overtaking: string[] = [];
  let mended = false;
  const answer: Receiver = (hit) => {
    const { type, aggregate_id } = hit.event;
    const lane = `${hit.host} ${aggregate_id}`;
    const types = accepted.get(lane) ?? [];
    const first = hit.host.startsWith('one') ? 'payment.created' : 'payment.captured';
    if (type !== first && !types.includes(first)) overtaking.push(`${lane} ${type}`);
    const outcome = (mended ? answers(200) : (outcomes[Math.floor(draw() * outcomes.length)] ?? hangs))(hit);
    const took = outcome.kind === 'answered' && outcome.status === 200;
    if (took && !types.includes(type)) accepted.set(lane, [...types, type]);
    return outcome;
  };
  const seen: Seen = { accepted, overtaking };
  const mend = (): void => {
    mended = true;
  };
  return { answer, seen, mend };
}

async function live(seed: number) {
  const draw = drawer(seed);
  let faulty = false;
  const fault = () => {
    if (!faulty) return null;
    const drawn = draw();
    return drawn < 0.04 ? ('before' as const) : drawn < 0.08 ? ('after' as const) : null;
  };
  const fixture = openDeliveries({ fault });
  const { answer, seen, mend } = receivers(draw);
  for (const [host, filter] of [
    ['one.example.org', 'payment.*'],
    ['two.example.org', 'payment.captured'],
  ] as const) {
    const body = { url: `https://${host}/`, events: [filter] };
    await fixture.webhooks(createWebhookEndpoint, { key: fixture.nextKey(), body });
    fixture.at(host, answer);
  }
  await fixture.pass(1_000);
  const payments: string[] = [];
  for (let sent = 0; sent < 12; sent += 1) {
    faulty = false;
    payments.push(await fixture.pay());
    faulty = true;
    await fixture.pass(draw() * 120_000);
    if (draw() < 0.2) fixture.crash();
  }
  await fixture.pass(3 * hour);
  faulty = false;
  mend();
  await fixture.pass(30 * hour);
  const deliveries = [...fixture.aws.database.items('webhooks')].filter(({ object }) => object?.S === 'delivery');
  return { payments, seen, statuses: deliveries.map(({ status }) => status?.S) };
}

it.each(Array.from({ length: 12 }, (_, seed) => seed))(
  '[WHK-2] under faults no event is lost and none overtakes another (seed %i)',
  async (seed) => {
    const { payments, seen, statuses } = await live(seed);
    expect(seen.overtaking).toEqual([]);
    for (const payment of payments) {
      expect(seen.accepted.get(`one.example.org ${payment}`)).toEqual(['payment.created', 'payment.captured']);
      expect(seen.accepted.get(`two.example.org ${payment}`)).toEqual(['payment.captured']);
    }
    expect(statuses.filter((status) => status !== 'succeeded')).toEqual([]);
    expect(statuses).toHaveLength(payments.length * 3);
  },
);
