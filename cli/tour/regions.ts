// The chapter on a region that dies: the other one answers reads, takes over writes once the lease has ended, and the payment that
// was under way is made once. Then an operator gives the lease back. Minutes are not waited for: the clock of the functions is moved,
// and what runs each minute is run.

import { failover } from '../failover/failover.ts';
import { failoverZoneOf } from '../failover/zone.ts';
import type { LocalCloud } from './cloud.ts';
import type { Printer } from './printer.ts';
import { dataOf, Tour, text } from './steps.ts';
import type { Client, Reply, Sent } from './wire.ts';

const [home, second] = ['us-east-1', 'us-west-2'] as const;
const order = { amount: 1999, currency: 'EUR', payment_method: 'pm_test_visa' };
/** The lease of three minutes, and the standby's next look. */
const mostMinutes = 4;
const fields = ['id', 'status', 'amount_captured'];

export async function playRegions({ ready, state }: LocalCloud, client: Client, print: Printer): Promise<void> {
  const day = new Tour(ready, client, print);
  const { lost, killedAt } = await killHome(day);
  await refuses(day, 'order-31', second);
  day.says(`Reads go on in ${second}. Writes wait: while the lease of ${home} runs, nobody else may write.`);

  const seconds = Math.round(((await takeOver(day)) - killedAt) / 1_000);
  day.says(`For ${seconds} s no region took writes: the lease of ${home} had to end first, whatever had become of it.`);

  day.chapter('The payment that was under way');
  const repeated = await day.send({ ...lost, region: second }, 201, fields);
  day.holds('the payment is captured', repeated.json.status === 'captured', repeated.text);
  const charges = await day.charges(text(repeated, 'id'));
  day.holds('there is one charge', charges.length === 1, charges);
  day.says(
    'Its commit had reached the other region: the repeat is the same payment, and the processor knows its charge.',
  );

  day.chapter('The region comes back');
  await day.control(`/regions/${home}/start`);
  await refuses(day, 'order-32', home);
  const ids = async (region: string): Promise<string> =>
    JSON.stringify(
      dataOf(await day.read('/v1/payments?limit=100', day.owner, region)).map(({ id, status }) => [id, status]),
    );
  const same = await day.eventually('both regions list the same payments', async () =>
    (await ids(home)) === (await ids(second)) ? true : undefined,
  );
  day.holds('both regions list the same payments', same, '');
  day.says(`The old writer is the standby now, and has what ${second} wrote without it.`);
  await giveBack(day, state);
}

/** As `strongroom failover --to us-east-1 --yes` does it; while it waits, minutes pass. */
async function giveBack(day: Tour, state: string): Promise<void> {
  day.chapter('An operator gives the lease back');
  const terminal = {
    say: (text: string) => {
      for (const line of text.split('\n').filter((each) => each !== '')) day.arrived(line.trim());
    },
    ask: async () => '',
    sleep: () => day.minutePasses('writer_lease', home),
    elapsedMs: () => performance.now(),
  };
  const request = { kind: 'hand over', to: home } as const;
  const zone = await failoverZoneOf({ zone: 'us', state });
  await failover(zone, terminal, { request, statusOnly: false, yes: true, evenIfUnhealthy: false });
  await refuses(day, 'order-33', second);
  await day.send(pay(day, 'order-33', home), 201, fields);
  day.says(
    'A hand-over costs seconds, because the region that gives the lease away lets it end and renews it no more.',
  );
}

const pay = (day: Tour, key: string, region: string | undefined, body: object = order): Sent => {
  const sent: Sent = { method: 'POST', path: '/v1/payments', as: day.owner, key, body };
  return region === undefined ? sent : { ...sent, region };
};

async function refuses(day: Tour, key: string, region: string | undefined): Promise<void> {
  await day.refused(pay(day, key, region), 503, 'region_standby');
}

/** Returns the payment whose answer never came. */
async function killHome(day: Tour): Promise<{ readonly lost: Sent; readonly killedAt: number }> {
  day.chapter('A region dies in the middle of a payment');
  const before = await day.send(pay(day, 'order-29', undefined), 201, fields);
  const sent = pay(day, 'order-30', undefined, { ...order, payment_method: 'pm_test_timeout_then_charged' });
  const lost: Promise<Reply | 'lost'> = day.begin(sent).catch(() => 'lost');
  await day.eventually(`${second} has the payment that is under way`, async () => {
    const [newest] = dataOf(await day.read('/v1/payments', day.owner, second));
    return newest !== undefined && newest.id !== before.json.id ? newest : undefined;
  });
  await day.control(`/regions/${home}/kill`);
  const killedAt = day.now();
  day.holds('its caller gets no answer', (await lost) === 'lost', '');
  day.says(`${home} is gone: its functions and its tables ended with SIGKILL, and the connection broke.`);
  const path = `/v1/payments/${text(before, 'id')}`;
  await day.send({ method: 'GET', path, as: day.owner, region: second }, 200, fields);
  return { lost: sent, killedAt };
}

/** Returns when a write was accepted. Both times are those of the functions' clock. */
async function takeOver(day: Tour): Promise<number> {
  day.chapter('The other region takes over');
  for (let minutes = 1; minutes <= mostMinutes; minutes += 1) {
    await day.minutePasses('writer_lease', second);
    day.arrived(`the clock of the functions is a minute later, and writer_lease has run in ${second}`);
    const reply = await day.begin(pay(day, 'order-31', second));
    day.received(reply, reply.status === 503 ? 503 : 201, fields);
    if (reply.status === 201) return day.now();
  }
  day.holds(`a write is accepted within ${mostMinutes} min`, false, '');
  return Number.POSITIVE_INFINITY;
}
