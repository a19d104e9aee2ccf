// A day of a zone, the loss of all that its tables hold, and a restore to a point in time by the command that people would use. What
// it must find: the trail whole, nobody charged twice, nobody back who was erased, and work that goes on. It is told of what it finds
// by the ledger of the processor and by the API, not by the command.

import type { Operation } from '../../cli/restore/operations.ts';
import type { RestorePlan } from '../../cli/restore/plan.ts';
import { restorePlan } from '../../cli/restore/plan.ts';
import { type Restored, runRestore } from '../../cli/restore/run.ts';
import { createCustomer, deleteCustomer, getCustomer } from '../../contract/customers/operations.ts';
import { capturePayment, createPayment, getPayment, listPayments } from '../../contract/payments/operations.ts';
import { homeOf } from '../../lib/derive/names.ts';
import { referenceConfig } from '../../lib/reference_config.ts';
import { amountsOf } from '../../processor/money.ts';
import { type DrilledZone, openZone, tableNames } from './zone.ts';

/** Ways in which a drill must fail. */
export type Mistake = 'keys of that time' | 'a forgotten table' | 'the trail of that time';

export interface Drilled {
  /** What did not hold; none: the drill passed. */
  readonly faults: readonly string[];
  readonly restored: Restored | null;
  readonly payments: number;
  readonly lines: readonly string[];
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const startMs = Date.UTC(2027, 0, 31, 6);
const body = { amount: 1_000, currency: 'EUR', payment_method: 'pm_test_visa' };

type Deployed = ReturnType<DrilledZone['deploy']>;

/** What a merchant saw on that day. */
interface Day {
  readonly at: Date;
  readonly payments: ReadonlyMap<string, string>;
  readonly later: { readonly id: string; readonly key: string };
  readonly captured: string;
  readonly erased: readonly string[];
  readonly present: string;
}

export async function drill(mistake?: Mistake): Promise<Drilled> {
  const zone = await openZone(startMs);
  const lines: string[] = [];
  try {
    const before = zone.deploy((table) => table);
    const day = await live(zone, before);
    lose(zone, mistake);
    const plan = mistaken(planOf(day.at), mistake, day);
    const ports = {
      dynamodb: zone.dynamodb,
      say: (line: string) => lines.push(line),
      sleep: async (ms: number) => zone.advance(ms),
      elapsedMs: zone.now,
    };
    const restored = await runRestore(ports, plan).catch((thrown: unknown) => String(thrown));
    if (typeof restored === 'string') return { faults: [restored], restored: null, payments: day.payments.size, lines };
    const after = zone.deploy((table) => plan.tableNames[table] ?? table);
    const faults = await faultsOf(zone, after, day, restored).catch((thrown: unknown) => [String(thrown)]);
    return { faults, restored, payments: day.payments.size, lines };
  } finally {
    await zone.stop();
  }
}

/** As production's is, but for the second region, and under the names that the tables of a drill have. */
function planOf(at: Date): RestorePlan {
  const { production } = referenceConfig.stages;
  if (production === undefined) throw new Error('production is missing');
  const { otherRegion: _, ...home } = homeOf('production', production, 'us');
  const names = Object.fromEntries(tableNames.map((name) => [name, name]));
  return restorePlan({ ...home, zoneConfig: { ...home.zoneConfig, tableNames: names } }, at);
}

async function live(zone: DrilledZone, product: Deployed): Promise<Day> {
  const payments = new Map<string, string>();
  const pay = async (key: string, more: object = {}): Promise<string> => {
    const { json } = await product.ask(createPayment, { key, body: { ...body, ...more } });
    return json.id;
  };
  const customer = async (key: string): Promise<string> =>
    (await product.ask(createCustomer, { key, body: { name: `Ann ${key}` } })).json.id;
  const [earlyErased, lateErased, present] = [await customer('a'), await customer('b'), await customer('c')];
  for (let hour = 0; hour < 8; hour += 1) {
    payments.set(await pay(`hour-${hour}`), 'captured');
    zone.advance(hourMs);
    await product.relayAll();
  }
  const captured = await pay('manual', { capture_method: 'manual' });
  payments.set(captured, 'authorized');
  await product.ask(deleteCustomer, { params: { customer_id: earlyErased } });
  await product.relayAll();
  zone.advance(minuteMs);
  const at = new Date(zone.now());
  zone.advance(minuteMs);
  // What the point in time does not hold.
  await product.ask(capturePayment, { key: 'capture', params: { payment_id: captured }, body: {} });
  const later = { id: await pay('later'), key: 'later' };
  await product.relayAll();
  zone.advance(10 * minuteMs);
  await product.ask(deleteCustomer, { params: { customer_id: lateErased } });
  await product.relayAll();
  zone.advance(minuteMs);
  return { at, payments, later, captured, erased: [earlyErased, lateErased], present };
}

/** Every row of every table is gone, but the keys that were destroyed: that they are is no row that somebody deletes by mistake. */
function lose(zone: DrilledZone, mistake: Mistake | undefined): void {
  for (const TableName of tableNames) {
    for (const item of [...zone.aws.database.items(TableName)]) {
      const isDestroyed = TableName === 'subject_keys' && item.wrapped?.NULL === true;
      if (isDestroyed && mistake !== 'keys of that time') continue;
      const Key = { pk: item.pk, sk: item.sk };
      zone.aws.database.call('DeleteItem', { TableName, Key });
    }
  }
}

function mistaken(plan: RestorePlan, mistake: Mistake | undefined, { at }: Day): RestorePlan {
  const operations = plan.restore.operations.map((operation): Operation => {
    if (operation.call !== 'RestoreTableToPointInTime') return operation;
    const { SourceTableName: from = '', UseLatestRestorableTime: _, ...input } = operation.input;
    const old =
      (mistake === 'keys of that time' && from === 'subject_keys') ||
      (mistake === 'the trail of that time' && from === 'audit');
    if (!old) return operation;
    // Before the first of them was erased; before the last of the relay's entries.
    const RestoreDateTime = new Date(at.getTime() - (from === 'audit' ? 4 : 1) * hourMs);
    return { ...operation, input: { ...input, SourceTableName: from, RestoreDateTime } };
  });
  const restored = plan.restored.filter(({ table }) => mistake !== 'a forgotten table' || table !== 'payments');
  const names = new Set(restored.map(({ to }) => to));
  const isThere = (name = ''): boolean => names.has(name);
  return {
    ...plan,
    restored,
    restore: {
      ...plan.restore,
      operations: operations.filter(({ input }) => 'TargetTableName' in input && isThere(input.TargetTableName)),
    },
    settings: {
      ...plan.settings,
      operations: plan.settings.operations.filter(({ input }) => 'TableName' in input && isThere(input.TableName)),
    },
  };
}

async function faultsOf(zone: DrilledZone, product: Deployed, day: Day, { behind }: Restored): Promise<string[]> {
  const faults: string[] = [];
  const expect = (holds: boolean, what: string): void => void (holds || faults.push(what));
  const charged = (id: string): number =>
    zone.book.byReference(id).filter(({ outcome }) => outcome !== 'declined').length;

  for (const [id, status] of day.payments) {
    const { json } = await product.ask(getPayment, { params: { payment_id: id } });
    expect(json.status === status, `${id} is ${json.status ?? json.code}, and was ${status}`);
    const charge = zone.book.byReference(id)[0];
    const theirs = charge && amountsOf(charge, zone.now()).captured;
    expect(
      json.amount_captured === theirs || behind.includes(id),
      `${id} is not as its processor has it, and nobody says so`,
    );
  }
  expect(behind.includes(day.captured), 'a capture after the point in time is not reported');
  expect(behind.includes(day.later.id), 'a payment after the point in time is not reported');
  const { json: page } = await product.ask(listPayments, { query: { limit: '100' } });
  expect(
    page.data?.length === day.payments.size,
    `the list has ${page.data?.length} payments, not ${day.payments.size}`,
  );

  for (const id of day.erased) {
    const { statusCode } = await product.ask(getCustomer, { params: { customer_id: id } });
    expect(statusCode === 410, `a customer who was erased is answered with ${statusCode}`);
  }
  const { json: known } = await product.ask(getCustomer, { params: { customer_id: day.present } });
  expect(known.name === 'Ann c', 'a customer who was not erased can’t be read');

  // The merchant repeats what it was never answered for, and goes on.
  const { json: repeated } = await product.ask(createPayment, { key: day.later.key, body });
  expect(repeated.id === day.later.id && repeated.status === 'captured', 'a repeat does not bring a lost payment back');
  await product.ask(createPayment, { key: 'after', body });
  await product.reconcile();
  await product.relayAll();
  for (const id of [...day.payments.keys(), day.later.id])
    expect(charged(id) === 1, `${id} was charged ${charged(id)} times`);
  const audited = [...zone.aws.database.items(product.platform.config.table('audit'))].map(({ action }) => action?.S);
  const created = audited.filter((action) => action === 'payment.created').length;
  expect(created >= day.payments.size + 2, `the trail has ${created} payments`);
  return faults;
}
