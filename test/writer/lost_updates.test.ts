// Two regions that wrote one payment apart: the region that lost sees it in its own stream, and the writer puts the payment right.

import { randomBytes } from 'node:crypto';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { functions } from '../../contract/capabilities.ts';
import { variables } from '../../contract/kernel/environment.ts';
import { filterPattern, replacedByOtherRegion } from '../../contract/kernel/function.ts';
import { zones } from '../../contract/kernel/zones.ts';
import { lostUpdateLimits, moneyLimits } from '../../contract/payments/limits.ts';
import { handlerPorts } from '../../lambdas/kernel/operation/ports.ts';
import { readConfig } from '../../lambdas/kernel/platform/config.ts';
import type { Platform } from '../../lambdas/kernel/platform/platform.ts';
import type { Writer } from '../../lambdas/kernel/platform/writer.ts';
import { commit, commitChange, systemContext } from '../../lambdas/kernel/store/commit.ts';
import { load } from '../../lambdas/kernel/store/load.ts';
import { lostUpdate } from '../../lambdas/kernel/store/lost_update.ts';
import { correctPayment } from '../../lambdas/payments/correct_payment.ts';
import { leaveOpen } from '../../lambdas/payments/domain/intent.ts';
import { type Modified, settleModification } from '../../lambdas/payments/domain/modification.ts';
import type { Payment } from '../../lambdas/payments/domain/payment.ts';
import { lostUpdates } from '../../lambdas/payments/lost_updates.ts';
import {
  loadModifications,
  loadWithModification,
  lostUpdateNamed,
  modificationRow,
  paymentRow,
} from '../../lambdas/payments/store.ts';
import { relay } from '../../lambdas/relay/relay.ts';
import { recordFilter } from '../../local/lambda/streams/filter.ts';
import { recorded } from '../../proof/privileges/recorder.ts';
import { answeredClients } from '../kit/aws/answered.ts';
import { environment } from '../kit/aws/environment.ts';
import { memoryAws } from '../kit/aws/memory.ts';
import { approved, captured, requested, start } from '../payments/payment_states.ts';

const { home, second } = zones.us;
const audit = (payment: Payment) => systemContext('reconciler', payment, 'req-1');

/** One region, with a database of its own. */
function openRegion(region: string, epoch: number, clock: { nowMs: number }) {
  const aws = memoryAws({ now: () => clock.nowMs, random: (bytes) => randomBytes(bytes), region });
  aws.database.replicate('payments');
  const lines: string[] = [];
  const clients = answeredClients(async (call) => aws.answer(call));
  const writer: Writer = { epoch: async () => epoch, holder: async () => region };
  const config = readConfig({
    ...environment('writing', 'http://127.0.0.1:1'),
    AWS_REGION: region,
    [variables.writer]: 'lease',
  });
  const platform: Platform = {
    ...{ ...clients, config, writer, clock: () => clock.nowMs, random: (bytes) => randomBytes(bytes) },
    sleep: async () => {},
    log: (message) => lines.push(message),
    meter: () => {},
  };
  return { region, aws, platform, lines };
}
type Region = ReturnType<typeof openRegion>;

function openZone() {
  const clock = { nowMs: start };
  const one = openRegion(home, 1, clock);
  const other = openRegion(second, 2, clock);
  const sent = new Map<Region, number>();
  const pass = (from: Region, to: Region): void => {
    const writes = from.aws.database.outgoing(sent.get(from) ?? 0, 1_000);
    const last = writes.at(-1)?.number;
    if (last === undefined) return;
    to.aws.database.receive(writes);
    from.aws.database.acknowledge(last);
    sent.set(from, last);
  };
  return { clock, one, other, pass, replicate: () => [pass(one, other), pass(other, one)] };
}

async function write(region: Region, next: Payment): Promise<void> {
  const before = (await load(region.platform, paymentRow, { id: next.id })) ?? null;
  const done = await commitChange(region.platform, paymentRow, before, { next, fact: 'payment.captured' }, audit(next));
  expect(done.kind).toBe('committed');
}

async function writeRefund(region: Region, { payment, modification }: Modified): Promise<void> {
  const before = await loadWithModification(region.platform, payment.id, modification.id);
  const done = await commit(
    region.platform,
    [
      { type: paymentRow, before: before.payment ?? null, next: payment },
      { type: modificationRow, before: before.modification ?? null, next: modification },
    ],
    { type: 'refund.succeeded', aggregateId: payment.id },
    audit(payment),
  );
  expect(done.kind).toBe('committed');
}

/** What Lambda hands over, by the filter of the function's mapping. */
const filtered = ({ aws, region }: Region): DynamoDBStreamEvent => {
  const Pattern = filterPattern(replacedByOtherRegion, zones.us, region);
  const isWanted = recordFilter({ Filters: [{ Pattern }] }, 'test');
  return { Records: aws.database.stream('payments').filter(isWanted) } as unknown as DynamoDBStreamEvent;
};

const losing = ({ platform }: Region) => lostUpdates(recorded(platform, 'lost_updates'));

const read = async (region: Region): Promise<Payment | undefined> =>
  (await load(region.platform, paymentRow, { id: captured().id }))?.value;

const lostRows = ({ aws }: Region) =>
  [...aws.database.items('payments')].flatMap(
    ({ pk, sk }) => lostUpdateNamed({ pk: pk?.S ?? '', sk: sk?.S ?? '' }) ?? [],
  );

describe('[RES-4] [PAY-1] a payment that both regions wrote apart', () => {
  /** A refund in the home, which dies before it replicates; something else in the second region, later. */
  async function apart() {
    const zone = openZone();
    await write(zone.one, captured());
    zone.replicate();
    const asked = requested(captured(), 'refund', 300, `ref_us_${'a'.repeat(26)}`);
    const refunded = settleModification(asked, approved(false), start + 3)?.next ?? asked;
    await writeRefund(zone.one, refunded);
    zone.clock.nowMs += 60_000;
    await write(zone.other, { ...captured(), disputed: true });
    zone.replicate();
    return zone;
  }

  it('is put right by the writer from a row that the other region made of its loss', async () => {
    const zone = await apart();
    expect(await read(zone.other)).toMatchObject({ amount_refunded: 0, disputed: true });
    await losing(zone.one)(filtered(zone.one));
    zone.replicate();
    const [name] = lostRows(zone.other);
    expect(name?.payment).toBe(captured().id);
    zone.clock.nowMs += lostUpdateLimits.looksMs[0];
    if (name !== undefined) await correctPayment(handlerPorts(zone.other.platform), name, 'req-2');
    zone.replicate();
    expect(await read(zone.other)).toMatchObject({ amount_refunded: 300, disputed: true });
    expect(await read(zone.one)).toEqual(await read(zone.other));
    expect(zone.other.lines).toContain('payment_corrected');
  });

  it('has the outcome of a refund that its processor told the lost region alone', async () => {
    const zone = openZone();
    await write(zone.one, captured());
    const asked = requested(captured(), 'refund', 300, `ref_us_${'a'.repeat(26)}`);
    const refunded = settleModification(asked, approved(false), start + 3)?.next ?? asked;
    await writeRefund(zone.one, asked);
    zone.replicate();
    await writeRefund(zone.one, refunded);
    zone.clock.nowMs += 60_000;
    // The region that goes on looks, and is told nothing.
    const { intent } = asked.modification;
    await writeRefund(zone.other, {
      ...asked,
      modification: { ...asked.modification, intent: leaveOpen(intent, start) },
    });
    zone.replicate();
    await losing(zone.one)(filtered(zone.one));
    zone.replicate();
    zone.clock.nowMs += lostUpdateLimits.looksMs[0];
    const names = lostRows(zone.other);
    expect(names).toHaveLength(2);
    for (const name of names) await correctPayment(handlerPorts(zone.other.platform), name, 'req-2');
    expect(await read(zone.other)).toMatchObject({ amount_refunded: 300, refund_reserved: 0 });
    const refunds = await loadModifications(zone.other.platform, captured().id, 'refund');
    expect(refunds).toMatchObject([{ value: { status: 'succeeded', intent: { due_at_ms: null } } }]);
  });

  it('is told to people where what its merchant had written is gone, and not otherwise', async () => {
    const zone = openZone();
    await write(zone.one, captured());
    zone.replicate();
    await write(zone.one, { ...captured(), sealed_fields: new Uint8Array([7, 7]) });
    zone.clock.nowMs += 60_000;
    await write(zone.other, { ...captured(), disputed: true });
    zone.replicate();
    await losing(zone.one)(filtered(zone.one));
    expect(zone.one.lines.filter((line) => line === 'update_lost')).toHaveLength(1);
    const other = await apart();
    await losing(other.one)(filtered(other.one));
    expect(other.one.lines).not.toContain('update_lost');
  });

  it('counts all that both made, which may be more than one page', async () => {
    const zone = openZone();
    await write(zone.one, captured());
    const count = 2 * moneyLimits.modificationsPerKind;
    for (let each = 0; each < count; each += 1) {
      const { modification: next } = requested(captured(), 'refund', 1, `ref_us_${each}`);
      await commit(zone.one.platform, [{ type: modificationRow, before: null, next }], null, audit(captured()));
    }
    expect(await loadModifications(zone.one.platform, captured().id, 'refund')).toHaveLength(count);
  });

  it('makes one row of its loss, however often the record comes', async () => {
    const zone = await apart();
    const handle = losing(zone.one);
    await handle(filtered(zone.one));
    await handle(filtered(zone.one));
    expect(lostRows(zone.one)).toHaveLength(1);
  });

  it('is nobody’s concern in the region that writes on: its stream hands over no such record', async () => {
    const zone = await apart();
    expect(filtered(zone.other).Records).toEqual([]);
    expect(filtered(zone.one).Records).toHaveLength(1);
  });
});

describe('[RES-4] what builds on the other region’s last write is no loss', () => {
  it.each([1, 3])('after %i writes of the region that took over', async (count) => {
    const zone = openZone();
    await write(zone.one, captured());
    zone.replicate();
    for (let each = 0; each < count; each += 1) {
      zone.clock.nowMs += 60_000;
      await write(zone.other, { ...captured(), disputed: each % 2 === 0 });
    }
    zone.replicate();
    expect(filtered(zone.one).Records).toHaveLength(1);
    await losing(zone.one)(filtered(zone.one));
    expect(lostRows(zone.one)).toEqual([]);
  });

  it('but a row that both made is one, and so is a late write of the earlier epoch that wins', () => {
    const row = (region: string, epoch: number, written_by: string, took_over?: string) => ({
      origin_region: { S: region },
      writer_epoch: { N: String(epoch) },
      written_by: { S: written_by },
      ...(took_over !== undefined && { took_over: { S: took_over } }),
    });
    expect(lostUpdate({ before: row(home, 1, 'a'), after: row(second, 2, 'b', 'a') }, home)).toBeNull();
    expect(lostUpdate({ before: row(home, 1, 'a'), after: row(second, 2, 'b') }, home)).not.toBeNull();
    expect(lostUpdate({ before: row(second, 2, 'b', 'a'), after: row(home, 1, 'c') }, second)).not.toBeNull();
    expect(lostUpdate({ before: row(home, 1, 'a'), after: row(home, 1, 'b') }, home)).toBeNull();
  });
});

describe('[RES-4] what is lost of other tables', () => {
  it('is told by an alarm: the relay logs it once, and of payments nothing', async () => {
    const zone = openZone();
    const of = (id: string, region: string, epoch: number) => ({
      ...{ pk: { S: id }, sk: { S: 'x' }, id: { S: id }, origin_region: { S: region } },
      ...{ writer_epoch: { N: String(epoch) }, written_by: { S: `${region} ${epoch}` } },
    });
    const Records = [`cus_us_${'a'.repeat(26)}`, captured().id].map((id) => ({
      dynamodb: { SequenceNumber: '1', OldImage: of(id, home, 1), NewImage: of(id, second, 2) },
    }));
    await relay(zone.one.platform)({ Records } as unknown as DynamoDBStreamEvent);
    expect(zone.one.lines.filter((line) => line === 'update_lost')).toHaveLength(1);
    expect(functions.relay.countedMessages).toContain('update_lost');
  });
});
