// A region that dies in the middle of payments, one that comes back, and one that is cut off: nothing is charged twice, nothing
// is lost, and there is never more than one writer. Minutes are not waited for: the clock of the functions is moved, and what
// runs each minute is run.

import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localLimits } from '../../local/host/limits.ts';
import {
  type Cloud,
  chargesOf,
  eventually,
  type HttpReply,
  newState,
  recordedFacts,
  send,
  startCloud,
  withoutGaps,
} from '../kit/cloud.ts';
import { runCommand } from './command.ts';

const [east, west] = ['us-east-1', 'us-west-2'] as const;
type Region = typeof east | typeof west;
/** The lease, its next renewal, and the standby's next look (contract/writer/limits.ts). */
const mostMinutesWithoutWriter = 4;

let cloud: Cloud;
let secret: string;
/** Of a tenant whose payments nobody counts. */
let otherSecret: string;

beforeAll(async () => {
  cloud = await startCloud(newState(), '--stage', 'production', '--both-regions', 'us');
  [secret = '', otherSecret = ''] = cloud.ready.tenants
    .filter(({ zone }) => zone === 'us')
    .map(({ secret_key }) => secret_key);
});
afterAll(() => cloud.stop());

const control = async (path: string): Promise<void> => {
  const response = await fetch(cloud.ready.control + path, { method: 'POST' });
  expect(response.status, `${path}: ${await response.text()}`).toBe(200);
};
const at = (region: Region): string => cloud.ready.regions[region] ?? '';
const pay = (base: string, key: string, payment_method = 'pm_test_visa', as = secret): Promise<HttpReply> =>
  send(base, as, 'POST', '/v1/payments', { key, body: { amount: 1000, currency: 'EUR', payment_method } });
const listed = async (region: Region): Promise<{ id: string; status: string }[]> =>
  (await send(at(region), secret, 'GET', '/v1/payments?limit=100')).json.data;
/** How far the clock of the functions is ahead. */
let aheadMs = 0;
const clockNow = (): number => Date.now() + aheadMs;
const secondsPass = async (seconds: number): Promise<void> => {
  aheadMs += seconds * 1_000;
  await control(`/clock/advance?seconds=${seconds}`);
};
/** A run that waits for the lease to end waits by its own clock, too. */
const minutePasses = async (region: Region): Promise<void> => {
  await secondsPass(60);
  const run = control(`/schedules/writer_lease/run?zone=us&region=${region}`).then(() => true);
  const pause = () => new Promise<false>((resolve) => setTimeout(() => resolve(false), 2_000));
  while (!(await Promise.race([run, pause()]))) await secondsPass(10);
};

/**
 * What the dead region had committed and not yet replicated, the other one did anew: two facts may bear one number then
 * (docs/decisions/0036). None is missing.
 */
const withoutMissing = (sequence: readonly number[]): boolean => withoutGaps([...new Set(sequence)]);

/** Lives through minutes until a write is accepted there, or for too many of them. */
const untilWriter = async (region: Region, key: string, as = secret): Promise<void> => {
  for (let minutes = 1; minutes <= mostMinutesWithoutWriter; minutes += 1) {
    await minutePasses(region);
    const { status, headers, json } = await pay(at(region), key, undefined, as);
    if (status === 201) return;
    expect([status, json.code, headers.has('Retry-After')]).toEqual([503, 'region_standby', true]);
  }
};

describe('[RES-4] an operator hands the lease over, and back', () => {
  /** Less than the time in which no region writes, so that a step falls into it. */
  const stepSeconds = 5;
  const mostSteps = 60;
  /** Since the take-over: the alarm's period, which has begun before. */
  const mostMinutesToFollow = 2;
  /** The region to which the zone's address leads a new connection. */
  const addressed = async (): Promise<string> => {
    const request = get(`${cloud.ready.api.us}/health`, { agent: false, headers: { 'user-agent': 'test' } });
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    return JSON.parse(await text(answer)).region;
  };
  /** What runs there, beside the canary of the second region, which says who writes. */
  const runEachMinute = async (region: Region): Promise<void> => {
    await control(`/schedules/writer_lease/run?zone=us&region=${region}`);
    await control(`/schedules/canary/run?zone=us&region=${west}`);
  };
  const payOther = (base: string, key: string): Promise<HttpReply> => pay(base, key, undefined, otherSecret);

  it.each<[Region, Region]>([
    [east, west],
    [west, east],
  ])('from %s to %s, with payments and reads under way', async (from, to) => {
    expect((await payOther(at(from), `before-${to}`)).status).toBe(201);
    const run = runCommand('failover', '--state', cloud.state, '--to', to, '--yes');
    await eventually(
      async () => run.output() + run.errors(),
      (said) => said.includes('is handed over'),
    );
    // The holder goes on for as long as its lease lasts, renews it no more, and refuses before the other region may begin.
    let refused: HttpReply | undefined;
    for (let step = 0; step < mostSteps && refused === undefined; step += 1) {
      if (step % 12 === 0) await runEachMinute(from);
      await secondsPass(stepSeconds);
      const reply = await payOther(at(from), `last-${to}-${step}`);
      if (reply.status !== 201) refused = reply;
    }
    const waiting = await payOther(at(to), `first-${to}`);
    for (const reply of [refused, waiting])
      expect([reply?.status, reply?.json.code, reply?.headers.has('Retry-After')]).toEqual([
        503,
        'region_standby',
        true,
      ]);
    for (const region of [from, to])
      expect((await send(at(region), otherSecret, 'GET', '/v1/payments')).status).toBe(200);
    await untilWriter(to, `first-${to}`, otherSecret);
    expect((await payOther(at(from), `late-${to}`)).json.code).toBe('region_standby');
    for (let minutes = 0; minutes < mostMinutesToFollow && (await addressed()) !== to; minutes += 1) {
      await runEachMinute(to);
      await secondsPass(60);
      await eventually(addressed, (region) => region === to, localLimits.failoverLookMs * 2);
    }
    expect(await addressed()).toBe(to);
    expect([await run.ended, run.errors()]).toEqual([0, '']);
    expect(run.output()).toMatch(new RegExp(`${to} writes, epoch \\d+. For \\d+ s no region took writes`));
  });

  it('which is in the audit trail of the platform', async () => {
    const { json } = await send(
      at(east),
      cloud.ready.operator_keys.us,
      'GET',
      '/v1/audit_entries?action=writer/hand_over',
    );
    const entries: { outcome: string; target: string; actor: object }[] = json.data;
    expect(entries.map(({ outcome, target }) => `${outcome} ${target}`)).toEqual([
      ...[`committed ${east}`, `requested ${east}`, `committed ${west}`, `requested ${west}`],
    ]);
    expect(entries[0]?.actor).toEqual({ kind: 'person', id: 'deployer' });
  });
});

describe('[RES-4] one region of a zone is killed in the middle of payments', () => {
  const methods = ['pm_test_visa', 'pm_test_timeout_then_charged'];
  const orders = Array.from({ length: 8 }, (_, n) => ({ key: `order-${n}`, method: methods[n % 2] }));
  const ids = new Map<string, string>();

  it('until then the other one answers reads, and writes with 503', async () => {
    const first = await pay(cloud.ready.api.us, 'before');
    expect(first.status).toBe(201);
    const read = () => send(at(west), secret, 'GET', `/v1/payments/${first.json.id}`);
    expect((await eventually(read, ({ status }) => status === 200)).json).toEqual(first.json);
    const refused = await pay(at(west), 'refused');
    expect([refused.status, refused.json.code]).toEqual([503, 'region_standby']);
    await control(`/schedules/canary/run?zone=us&region=${west}`);
  });

  it('the other one takes over once the lease has ended, and every payment is made once', async () => {
    const answers = orders.map(({ key, method }) => pay(cloud.ready.api.us, key, method).catch(() => undefined));
    await eventually(
      () => listed(east),
      (payments) => payments.length === orders.length + 1,
    );
    await control(`/regions/${east}/kill`);
    const killedAt = clockNow();
    for (const [n, answer] of (await Promise.all(answers)).entries()) {
      if (answer?.status === 201) ids.set(orders[n]?.key ?? '', answer.json.id);
    }
    // Those whose outcome was on its way got no answer.
    expect(ids.size).toBeLessThan(orders.length);
    expect((await send(at(west), secret, 'GET', '/v1/payments')).status).toBe(200);
    const status = runCommand('failover', '--state', cloud.state, '--status');
    expect([await status.ended, status.errors()]).toEqual([0, '']);
    expect(status.output()).toMatch(/writer +us-east-1.*us-east-1 +home, does not answer.*us-west-2 +second, answers/s);
    await untilWriter(west, 'after');
    expect(clockNow() - killedAt).toBeLessThanOrEqual((mostMinutesWithoutWriter + 1) * 60_000);
    expect((await pay(at(west), 'after')).status).toBe(201);

    for (const { key, method } of orders) {
      const again = await eventually(
        () => pay(at(west), key, method),
        ({ status }) => status !== 409,
      );
      expect([again.status, again.json.status], again.text).toEqual([201, 'captured']);
      // The same payment as the one that the dead region answered with, if it did.
      expect(again.json.id).toBe(ids.get(key) ?? again.json.id);
      expect(await chargesOf(cloud, again.json.id)).toHaveLength(1);
      ids.set(key, again.json.id);
    }
  });

  it('comes back as the standby, and both hold the same, each fact once', async () => {
    await control(`/regions/${east}/start`);
    const refused = await pay(at(east), 'too late');
    expect([refused.status, refused.json.code]).toEqual([503, 'region_standby']);
    const wanted = await listed(west);
    expect(
      await eventually(
        () => listed(east),
        (payments) => JSON.stringify(payments) === JSON.stringify(wanted),
      ),
    ).toEqual(wanted);
    expect(wanted).toHaveLength(orders.length + 2);
    const facts = await eventually(
      () => recordedFacts({ ready: { ...cloud.ready, api: { ...cloud.ready.api, us: at(west) } } }, secret),
      // What the dead region had committed and not yet relayed follows once it is back.
      ({ events, entries, sequences }) =>
        events.length >= 2 * wanted.length && entries.length === events.length && sequences.every(withoutMissing),
    );
    expect(facts.entries).toEqual(facts.events);
    expect(new Set(facts.events).size).toBe(facts.events.length);
    expect(facts.sequences.filter((each) => !withoutMissing(each))).toEqual([]);
  });
});

describe('[RES-4] a writer that is cut off', () => {
  it('stops before the other region begins, and both hold the same once it is back', async () => {
    expect((await pay(at(west), 'still')).status).toBe(201);
    await control(`/regions/${west}/isolate`);
    let minutes = 0;
    const accepted: string[] = [];
    for (; minutes < mostMinutesWithoutWriter && !accepted.includes(east); minutes += 1) {
      await minutePasses(east);
      // In this order: had the new writer begun before the old one stopped, both would take the write.
      for (const region of [east, west] as const)
        if ((await pay(at(region), `cut-${region}-${minutes}`)).status === 201) accepted.push(region);
    }
    expect(accepted.at(-1)).toBe(east);
    expect(accepted.slice(0, -1)).not.toContain(east);
    await control(`/regions/${west}/rejoin`);
    const same = async () => [await listed(east), await listed(west)] as const;
    const [one, other] = await eventually(same, (both) => JSON.stringify(both[0]) === JSON.stringify(both[1]));
    expect(other).toEqual(one);
    expect(one.every(({ status }) => status === 'captured')).toBe(true);
  });
});
